"""What one syntax tree does with values that were fitted on rows of which some are held back only afterwards.

Names are followed in the order of their lines: a value that came out of a fitted step, or that the step was
fitted on, is *tainted*; where a tainted value is split into rows for training and rows for evaluation, the
fit leaked. So it is where it is written to a file whose rows are split elsewhere.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from mlscaffold.lazy import regex
from mlscaffold.repo.python.expressions import bound, called, calls, dotted, takes_rows, variables
from mlscaffold.repo.python.facts import Written
from mlscaffold.repo.python.file_flow import Files, Function, Taint, arguments, positions
from mlscaffold.repo.python.table_files import write_of

FITTED = regex(
    r"(?:Standard|MinMax|Robust|MaxAbs|Power|Quantile)(?:Scaler|Transformer)$|(?:Simple|KNN|Iterative)?Imputer$"
    r"|^(?:OneHot|Ordinal|Target|Count|Binary|CatBoost|WOE)Encoder$|(?:Count|Tfidf)Vectorizer$|TfidfTransformer$"
    r"|^(?:Incremental|Kernel|Sparse|Mini[Bb]atchSparse)?PCA$|TruncatedSVD$|^SelectKBest$|SelectPercentile$"
    r"|SelectFromModel$|^RFE(?:CV)?$|VarianceThreshold$|^SelectF\w+$|KBinsDiscretizer$|^FastICA$|^NMF$"
    r"|^(?:SMOTE\w*|ADASYN|Random(?:Over|Under)Sampler|BorderlineSMOTE|TomekLinks)$|ColumnTransformer$"
)
"""Steps that learn from all rows; label encoders and normalisers of single rows are none."""

PIPELINES = ("Pipeline", "make_pipeline")
MODEL = regex(
    r"(?:Classifier|Regressor|Regression|Ridge|Lasso|ElasticNet|SV[CR]|NB|KMeans|Model|Sequential)$"
)
"""The end of a pipeline that predicts."""

SPLITS = regex(r"^(?:train_test_split|train_val_split|train_validation_split|split_train_test|train_test)$")
FOLDS = regex(r"^(?:cross_val_(?:score|predict)|cross_validate)$")
FOLDERS = regex(r"(?:KFold|ShuffleSplit|TimeSeriesSplit|LeaveOneOut|Leave\w+Out)$")
FITS = ("fit_transform", "fit_resample", "fit_sample")
TRAINING = regex(r"train|trn|fold|(?:^|_)tr(?:$|_)", re.I)
HELD = regex(
    r"(?:^|_)(?:test|val|valid|validation|eval|holdout|oof|dev)(?:$|_|\d)|^[xy]_?(?:test|val|te)\b", re.I
)


class Flow:
    """What the statements of one scope do with fitted values, in the order of their lines."""

    def __init__(
        self, wrappers: Mapping[str, str], files: Files, behind: dict[Taint, Taint] | None = None
    ) -> None:
        self.wrappers = wrappers
        self.files = files
        self.steps: dict[str, str] = {}
        self.tainted: dict[str, Taint] = {}
        self.fits: dict[str, Taint] = {}
        self.seen: dict[str, Taint] = {}
        self.halves: set[str] = set()
        self.told: set[str] = set()
        self.whole: set[str] = set()
        self.splits: list[int] = []
        self.found: list[tuple[int, str, int]] = []
        self.fitted: dict[str, tuple[Taint, frozenset[str]]] = {}
        self.within: dict[str, Taint] = {}
        """Rows called those for training that a step was fitted on: they may be cut once more."""

        self.cuts: dict[str, dict[bool, int]] = {}
        """The lines that cut such rows, by whether what is cut off is held back."""

        self.behind = {} if behind is None else behind
        """The fit that the rows of another one came out of, of all scopes of a tree."""

        self.given: dict[int, Taint] = {}
        """The taints of what calls give back, by the identity of the call."""

        self.returned: frozenset[str] = frozenset()
        self.taint: Taint | None = None
        self.done = False

    def read(self, body: list[ast.stmt]) -> None:
        """Follow statements, one after the other."""
        for statement in body:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return
            case ast.Assign(targets=targets, value=value):
                self._assign(targets, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign([target], value)
            case ast.Expr(value=value):
                self._value(value)
            case ast.Return(value=ast.expr() as value):
                self._return(value)
            case _:
                self._block(node)

    def _block(self, node: ast.stmt) -> None:
        match node:
            case ast.For(iter=iterated, body=inner, orelse=other):
                self._value(iterated)
                self.read([*inner, *other])
            case ast.If(body=inner, orelse=other) | ast.While(body=inner, orelse=other):
                self.read([*inner, *other])
            case ast.With(body=inner):
                self.files.opened(node)
                self.read(inner)
            case ast.Try(body=inner, handlers=_, orelse=other, finalbody=last):
                self.read([*inner, *other, *last])

    def _return(self, value: ast.expr) -> None:
        fit = self._value(value)
        if not self._half(value):
            self.returned |= self.files.of(value)
            self.taint = self.taint or fit or self._taint_of(value)

    def _assign(self, targets: list[ast.expr], value: ast.expr) -> None:
        match targets:
            case [ast.Tuple(elts=left)] if isinstance(value, ast.Tuple) and len(value.elts) == len(left):
                for one, its in zip(left, value.elts, strict=True):
                    self._assign([one], its)
                return
        fit = self._value(value)
        names = [name for target in targets for name in bound(target)]
        if isinstance(value, ast.Call):
            made = self._made(value)
            kept = made if FITTED.search(made) or FOLDERS.search(made) else ""
            self.steps.update(dict.fromkeys(names, kept))
        part = isinstance(targets[0], ast.Subscript)
        told = self._is_split(value) or self._half(value)
        rows = frozenset[str]() if told else self.files.of(value)
        self.files.bind(names, value, rows, part=part)
        if self._is_split(value):
            self.halves.update(names)
            self.told.update(names)
            self.whole.difference_update(names)
            for name in names:
                self.tainted.pop(name, None)
            return
        self.whole.update(names if self._whole(value) else ())
        self._bind(names, value, fit or self._taint_of(value), rows, part=part)

    def _bind(
        self, names: list[str], value: ast.expr, source: Taint | None, rows: frozenset[str], *, part: bool
    ) -> None:
        half = self._half(value)
        for name in names:
            self._cut_within(name, value)
            if half:
                self.halves.add(name)
            if not half:
                self._sliced(name, value, source, rows)
            if source and not half:
                self.tainted[name] = source
            elif not part:
                self.tainted.pop(name, None)
                self.fitted.pop(name, None)

    def _cut_within(self, name: str, value: ast.expr) -> None:
        """Where training rows are cut in two, and one part is held back, a step knew that part as well."""
        base = dotted(value.value) if isinstance(value, ast.Subscript) and takes_rows(value) else ""
        if base in self.within:
            parts = self.cuts.setdefault(base, {})
            parts[HELD.search(name) is not None] = value.lineno
            if len(parts) > 1:
                self.found.append((*self.within[base], parts[True]))
        elif known := [self.within[n] for n in variables(value) if n in self.within]:
            self.within[name] = known[0]
        else:
            self.within.pop(name, None)

    def _sliced(self, name: str, value: ast.expr, source: Taint | None, rows: frozenset[str]) -> None:
        """A slice of rows that is called by the name of held-out data is a split by hand."""
        if HELD.search(name) and takes_rows(value):
            if source:
                self._report(source, value.lineno)
            self.files.split(value.lineno, rows)

    def _value(self, node: ast.expr) -> Taint | None:
        """Look at the calls of an expression; the taint of the whole, where a call of it fits."""
        taint = None
        for call in calls(node):
            if found := self._call(call):
                taint = self.given[id(call)] = found
        for call in calls(node):
            self._write(call, taint)
        return taint

    def _write(self, call: ast.Call, taint: Taint | None) -> None:
        writing = write_of(call, self.files.known)
        if writing is None:
            return
        rows, fitted_on = frozenset[str](), frozenset[str]()
        if any(self._half(value) for value in writing.values):
            taint = None
        elif (name := dotted(writing.values[0])) in self.fitted:
            taint, fitted_on = self.fitted[name]
        else:
            taint = taint or next(filter(None, map(self._taint_of, writing.values)), None)
            rows = rows.union(*map(self.files.of, writing.values))
        self.files.wrote(
            Written(call.lineno, writing.path, taint, tuple(sorted(rows)), tuple(sorted(fitted_on)))
        )

    def _through(self, call: ast.Call, function: Function) -> Taint | None:
        """What a function of the module does with what it is given, and the taint of what it gives back."""
        given = arguments(call, function.parameters)
        halves = {at for at, value in given.items() if self._half(value)}
        taints = {at: t for at, value in given.items() if at not in halves and (t := self._taint_of(value))}
        for parted in function.parted:
            places = positions(parted.rows)
            if halves.isdisjoint(places):
                self._report(next((taints[at] for at in places if at in taints), None), parted.line)
                self.files.split(parted.line, self.files.passed(call, function, parted.rows))
        for one in function.written:
            places = positions(one.rows)
            fit = one.fit or next((taints[at] for at in places if at in taints), None)
            self.files.write(call, function, one, fit, told=not halves.isdisjoint(places))
        self.files.applied |= self.files.passed(call, function, function.applied)
        return None if halves else function.taint

    def _call(self, call: ast.Call) -> Taint | None:
        last = called(call)
        function = self.files.functions(last) if isinstance(call.func, ast.Name) else None
        through = self._through(call, function) if function else None
        folds = last == "split" and isinstance(call.func, ast.Attribute) and self._folds(call.func.value)
        if SPLITS.match(last) or FOLDS.match(last) or folds:
            asked = call.args[1:] if FOLDS.match(last) else call.args
            self._split(call, asked, bare=SPLITS.match(last) is not None)
            return None
        if last in self.wrappers and not function and call.args and not self._half(call.args[0]):
            return self._fitted(call, self.wrappers[last])
        if isinstance(call.func, ast.Attribute) and last in (*FITS, "fit", "transform"):
            if last == "transform":
                self.files.applied |= self.files.rows.get(dotted(call.func.value), frozenset())
                return self._chained(call.func.value)
            step = _step(call.func.value) or self.steps.get(dotted(call.func.value), "")
            self.fitted.pop(dotted(call.func.value), None)
            if step and call.args and not self._half(call.args[0]):
                return self._fitted(call, step)
            if step and call.args:
                training = [n for n in variables(call.args[0]) if TRAINING.search(n) and not HELD.search(n)]
                self.within.update(dict.fromkeys(training, (call.lineno, step)))
        return through

    def _report(self, taint: Taint | None, split: int) -> None:
        """The fit leaks by this split, and so do those that its rows came out of."""
        told = set[Taint]()
        while taint and taint not in told:
            self.found.append((*taint, split))
            told.add(taint)
            taint = self.behind.get(taint)

    def _made(self, value: ast.Call) -> str:
        """The step that a call makes; for a pipeline that only prepares rows, the first of its steps."""
        match value:
            case ast.Call(func=ast.Attribute(value=ast.Call() as made, attr="fit")):
                return called(made)
        if called(value) not in PIPELINES:
            return called(value)
        named = [self.steps.get(name, name) for name in variables(value)]
        steps = [step for step in (*map(called, calls(value)[:-1]), *named) if step]
        return "" if any(MODEL.search(step) for step in steps) else next(filter(FITTED.search, steps), "")

    def _chained(self, receiver: ast.expr) -> Taint | None:
        """The taint of `Step().fit(x).transform(x)`, whose step has no name."""
        match receiver:
            case ast.Call(func=ast.Attribute(value=made, attr="fit"), args=[fitted, *_]):
                step = _step(made)
                return (receiver.lineno, step) if step and not self._half(fitted) else None
        return None

    def _fitted(self, call: ast.Call, step: str) -> Taint | None:
        """What comes out knows every row; after a bare `fit` the rows are transformed later."""
        taint = (call.func.end_lineno or call.lineno, step)
        earlier = self._taint_of(call.args[0])
        if earlier and earlier != taint:
            self.behind[taint] = earlier
        self.fits.update(dict.fromkeys(variables(call.args[0]), taint))
        if isinstance(call.func, ast.Attribute) and (name := dotted(call.func.value)):
            self.fitted[name] = taint, self.files.of(call.args[0])
        if isinstance(call.func, ast.Attribute) and call.func.attr == "fit":
            self.seen.update(dict.fromkeys(variables(call.args[0]), taint))
            if name := dotted(call.func.value):
                self.tainted[name] = taint
            return None
        return taint

    def _folds(self, receiver: ast.expr) -> bool:
        last = called(receiver) if isinstance(receiver, ast.Call) else self.steps.get(dotted(receiver), "")
        return FOLDERS.search(last) is not None

    def _split(self, call: ast.Call, asked: list[ast.expr], *, bare: bool) -> None:
        self.splits.append(call.lineno)
        if any(self._named_half(argument) for argument in asked):
            return
        known = {**self.seen, **self.tainted} if bare else self.tainted
        for argument in asked:
            if self._half(argument):
                continue
            named = next((known[name] for name in variables(argument) if name in known), None)
            taint = named or self._given(argument)
            if taint:
                self._report(taint, call.lineno)
                return
        whole = (argument for argument in asked if not self._half(argument))
        self.files.split(call.lineno, frozenset().union(*map(self.files.of, whole)))

    def _taint_of(self, node: ast.expr) -> Taint | None:
        named = next((self.tainted[name] for name in variables(node) if name in self.tainted), None)
        return named or self._given(node)

    def _given(self, node: ast.expr) -> Taint | None:
        return next((self.given[id(call)] for call in calls(node) if id(call) in self.given), None)

    def _half(self, node: ast.expr) -> bool:
        """Whether an expression speaks of rows that were told apart already."""
        names = self._partial(node)
        return any(n in self.halves or HELD.search(n) or TRAINING.search(n) for n in names)

    def _whole(self, node: ast.expr) -> bool:
        """Whether a file or a step gives rows that nobody told apart: `train` may be all that is to split."""
        last = called(node) if isinstance(node, ast.Call) else ""
        return last.startswith("read_") or (last in FITS and id(node) in self.given)

    def _named_half(self, node: ast.expr) -> bool:
        """The same, by the names themselves or by a split that was seen."""
        names = self._partial(node)
        return any(n in self.told or HELD.search(n) or TRAINING.search(n) for n in names)

    def _partial(self, node: ast.expr) -> list[str]:
        """The names of an expression that may hold some of the rows: not a whole file, nor its attributes.

        Nor does a step, whose name tells what it was made for.
        """
        if isinstance(node, ast.Call) and called(node) in FITS and node.args:
            node = node.args[0]
        return [n for n in variables(node) if n.partition(".")[0] not in self.whole]

    def _is_split(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Call) and SPLITS.match(called(node)) is not None


def _step(node: ast.expr) -> str:
    """The class of a step that an expression makes."""
    last = called(node) if isinstance(node, ast.Call) else ""
    return last if FITTED.search(last) else ""
