"""What one syntax tree does with values that were fitted on rows of which some are held back only afterwards.

Names are followed in the order of their lines: a value that came out of a fitted step, or that the step was
fitted on, is *tainted*; where a tainted value is split into rows for training and rows for evaluation, the
fit leaked.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Fit

FITS_SOMETHING = regex(rb"\.fit(?:_transform|_resample|_sample)?\(")
STEPS = regex(
    rb"Scaler|Transformer|Imputer|Encoder|Vectorizer|PCA|TruncatedSVD|Select|RFE|VarianceThreshold|KBins"
    rb"|FastICA|NMF|SMOTE|ADASYN|Sampler|TomekLinks"
)
"""A part of every name that `FITTED` matches: a source without any makes no step itself."""

FITTED = regex(
    r"(?:Standard|MinMax|Robust|MaxAbs|Power|Quantile)(?:Scaler|Transformer)$|(?:Simple|KNN|Iterative)?Imputer$"
    r"|^(?:OneHot|Ordinal|Target|Count|Binary|CatBoost|WOE)Encoder$|(?:Count|Tfidf)Vectorizer$|TfidfTransformer$"
    r"|^(?:Incremental|Kernel|Sparse|Mini[Bb]atchSparse)?PCA$|TruncatedSVD$|^SelectKBest$|SelectPercentile$"
    r"|SelectFromModel$|^RFE(?:CV)?$|VarianceThreshold$|^SelectF\w+$|KBinsDiscretizer$|^FastICA$|^NMF$"
    r"|^(?:SMOTE\w*|ADASYN|Random(?:Over|Under)Sampler|BorderlineSMOTE|TomekLinks)$|ColumnTransformer$"
)
"""Steps that learn from all rows; label encoders and normalisers of single rows are none."""

SPLITS = regex(r"^(?:train_test_split|train_val_split|train_validation_split|split_train_test|train_test)$")
FOLDS = regex(r"^(?:cross_val_(?:score|predict)|cross_validate)$")
FOLDERS = regex(r"(?:KFold|ShuffleSplit|TimeSeriesSplit|LeaveOneOut|Leave\w+Out)$")
FITS = ("fit_transform", "fit_resample", "fit_sample")
TRAINING = regex(r"train|trn|fold|(?:^|_)tr(?:$|_)", re.I)
HELD = regex(
    r"(?:^|_)(?:test|val|valid|validation|eval|holdout|oof|dev)(?:$|_|\d)|^[xy]_?(?:test|val|te)\b", re.I
)


def fits_steps(raw: bytes) -> bool:
    """A cheap first look: most sources that fit something fit a model, and need no other look."""
    return FITS_SOMETHING.search(raw) is not None and STEPS.search(raw) is not None


def early_fits(tree: ast.Module, wrappers: dict[str, str]) -> list[Fit]:
    """Every fit before the split of its rows; `wrappers` are functions that fit a step, by name."""
    found = []
    for body in _scopes(tree):
        flow = _Flow(wrappers)
        flow.read(body)
        found += [Fit(*one) for one in flow.found]
    return found


def wrapping(tree: ast.Module) -> dict[str, str]:
    """Functions that return what they fitted on their first argument, and the step that they fit."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: step for node in functions if (step := _wraps(node))}


def _scopes(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    """The module and each function: names do not flow between them here."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.body
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):  # functions stand in no expression
            waiting += getattr(node, part, ())


def _wraps(function: ast.FunctionDef) -> str:
    arguments = {a.arg for a in function.args.args[:1]}
    if not arguments or any(HELD.search(a.arg) or TRAINING.search(a.arg) for a in function.args.args):
        return ""
    flow = _Flow({})
    flow.read(function.body)
    if flow.splits or not any(isinstance(n, ast.Return) for n in function.body):
        return ""
    return next((step for name, (_, step) in flow.fits.items() if name in arguments), "")


class _Flow:
    """What the statements of one scope do with fitted values, in the order of their lines."""

    def __init__(self, wrappers: dict[str, str]) -> None:
        self.wrappers = wrappers
        self.steps: dict[str, str] = {}
        self.tainted: dict[str, tuple[int, str]] = {}
        self.fits: dict[str, tuple[int, str]] = {}
        self.seen: dict[str, tuple[int, str]] = {}
        self.halves: set[str] = set()
        self.told: set[str] = set()
        self.whole: set[str] = set()
        self.splits: list[int] = []
        self.found: list[tuple[int, str, int]] = []

    def read(self, body: list[ast.stmt]) -> None:
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
                self._value(value)
            case ast.For(iter=iterated, body=inner, orelse=other):
                self._value(iterated)
                self.read([*inner, *other])
            case ast.If(body=inner, orelse=other) | ast.While(body=inner, orelse=other):
                self.read([*inner, *other])
            case ast.With(body=inner):
                self.read(inner)
            case ast.Try(body=inner, handlers=_, orelse=other, finalbody=last):
                self.read([*inner, *other, *last])

    def _assign(self, targets: list[ast.expr], value: ast.expr) -> None:
        match targets:
            case [ast.Tuple(elts=left)] if isinstance(value, ast.Tuple) and len(value.elts) == len(left):
                for one, its in zip(left, value.elts, strict=True):
                    self._assign([one], its)
                return
        fit = self._value(value)
        names = [name for target in targets for name in _bound(target)]
        if isinstance(value, ast.Call):
            made = _called(value)
            kept = made if FITTED.search(made) or FOLDERS.search(made) else ""
            self.steps.update(dict.fromkeys(names, kept))
        if self._is_split(value):
            self.halves.update(names)
            self.told.update(names)
            self.whole.difference_update(names)
            for name in names:
                self.tainted.pop(name, None)
            return
        self.whole.update(_read(names, value))
        source = fit or self._taint_of(value)
        half = self._half(value)
        for name in names:
            if half:
                self.halves.add(name)
            if source and not half:
                self.tainted[name] = source
                self._sliced(name, value, source)
            elif not isinstance(targets[0], ast.Subscript):
                self.tainted.pop(name, None)

    def _sliced(self, name: str, value: ast.expr, source: tuple[int, str]) -> None:
        """A slice of rows that is called by the name of held-out data is a split by hand."""
        if HELD.search(name) and _rows(value):
            self.found.append((*source, value.lineno))

    def _value(self, node: ast.expr) -> tuple[int, str] | None:
        """Look at the calls of an expression; the taint of the whole, where a call of it fits."""
        taint = None
        for call in sorted(
            (n for n in ast.walk(node) if isinstance(n, ast.Call)), key=lambda n: (n.lineno, -n.col_offset)
        ):
            taint = self._call(call) or taint
        return taint

    def _call(self, call: ast.Call) -> tuple[int, str] | None:
        last = _called(call)
        folds = last == "split" and isinstance(call.func, ast.Attribute) and self._folds(call.func.value)
        if SPLITS.match(last) or FOLDS.match(last) or folds:
            arguments = call.args[1:] if FOLDS.match(last) else call.args
            self._split(call, arguments, bare=SPLITS.match(last) is not None)
            return None
        if last in self.wrappers and call.args and not self._half(call.args[0]):
            return self._fitted(call, self.wrappers[last])
        if isinstance(call.func, ast.Attribute) and last in (*FITS, "fit", "transform"):
            if last == "transform":
                return self._chained(call.func.value)
            step = _step(call.func.value) or self.steps.get(_dotted(call.func.value), "")
            if step and call.args and not self._half(call.args[0]):
                return self._fitted(call, step)
        return None

    def _chained(self, receiver: ast.expr) -> tuple[int, str] | None:
        """The taint of `Step().fit(x).transform(x)`, whose step has no name."""
        match receiver:
            case ast.Call(func=ast.Attribute(value=made, attr="fit"), args=[fitted, *_]):
                step = _step(made)
                return (receiver.lineno, step) if step and not self._half(fitted) else None
        return None

    def _fitted(self, call: ast.Call, step: str) -> tuple[int, str] | None:
        """What comes out knows every row; after a bare `fit` the rows are transformed later."""
        taint = (call.lineno, step)
        self.fits.update(dict.fromkeys(_names(call.args[0]), taint))
        if isinstance(call.func, ast.Attribute) and call.func.attr == "fit":
            self.seen.update(dict.fromkeys(_names(call.args[0]), taint))
            if name := _dotted(call.func.value):
                self.tainted[name] = taint
            return None
        return taint

    def _folds(self, receiver: ast.expr) -> bool:
        last = _called(receiver) if isinstance(receiver, ast.Call) else self.steps.get(_dotted(receiver), "")
        return FOLDERS.search(last) is not None

    def _split(self, call: ast.Call, arguments: list[ast.expr], *, bare: bool) -> None:
        self.splits.append(call.lineno)
        if any(self._named_half(argument) for argument in arguments):
            return
        known = {**self.seen, **self.tainted} if bare else self.tainted
        for argument in arguments:
            if self._half(argument):
                continue
            taint = next((known[name] for name in _names(argument) if name in known), None)
            if taint and taint[0] <= call.lineno:
                self.found.append((*taint, call.lineno))
                return

    def _taint_of(self, node: ast.expr) -> tuple[int, str] | None:
        return next((self.tainted[name] for name in _names(node) if name in self.tainted), None)

    def _half(self, node: ast.expr) -> bool:
        """Whether an expression speaks of rows that were told apart already."""
        names = self._partial(node)
        return any(n in self.halves or HELD.search(n) or TRAINING.search(n) for n in names)

    def _named_half(self, node: ast.expr) -> bool:
        """The same, by the names themselves or by a split that was seen."""
        names = self._partial(node)
        return any(n in self.told or HELD.search(n) or TRAINING.search(n) for n in names)

    def _partial(self, node: ast.expr) -> list[str]:
        """The names of an expression that may hold some of the rows: not a whole file, nor its attributes."""
        return [n for n in _names(node) if n.partition(".")[0] not in self.whole]

    def _is_split(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Call) and SPLITS.match(_called(node)) is not None


def _read(names: list[str], value: ast.expr) -> list[str]:
    """The names that hold a file as it was read: what is called `train` may be all that there is to split."""
    return names if isinstance(value, ast.Call) and _called(value).startswith("read_") else []


def _step(node: ast.expr) -> str:
    """The class of a step that an expression makes."""
    last = _called(node) if isinstance(node, ast.Call) else ""
    return last if FITTED.search(last) else ""


def _called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _rows(node: ast.expr) -> bool:
    """Whether an expression takes a range of rows: `x[:n]`, `x[n:, :]`, `np.array(x.iloc[:n])`."""
    if isinstance(node, ast.Call):
        return any(_rows(argument) for argument in node.args[:1])
    if not isinstance(node, ast.Subscript):
        return False
    index = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
    return isinstance(index, ast.Slice) and (index.lower is not None or index.upper is not None)


def _bound(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Attribute():
            yield _dotted(target)
        case ast.Subscript(value=value):
            yield from _bound(value)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                yield from _bound(item)


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{_dotted(value)}.{attr}"
    return ""


def _names(node: ast.expr) -> list[str]:
    """The variables that an expression's value is made of, called functions left out."""
    parts = [node] if isinstance(node, ast.Name | ast.Constant) else list(ast.walk(node))
    skipped = {id(n.func) for n in parts if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    found = [n.id for n in parts if isinstance(n, ast.Name) and id(n) not in skipped]
    return [*found, *(_dotted(n) for n in parts if isinstance(n, ast.Attribute))]
