"""Which Python files can matter to any fact, and what of them is kept."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Interest
from mlscaffold.repo.repo import Repo, fact

_ROOTS = """
    absl argparse click configargparse configparser confuse cloudpickle dill dynaconf fire gin gym
    gymnasium hydra jsonargparse ray ml_collections numpy omegaconf os pandas pickle cPickle _pickle
    joblib papermill random ruamel yaml shelve simple_parsing dargparser toml tomllib tomli typer tyro
    pydantic pydantic_settings dbutils json draccus hyperpyyaml traitlets environs decouple dvc sys
    six tap optparse yacs polars pyspark torchvision torchtext torchaudio skimage
    bentoml datasets huggingface_hub diffusers openai anthropic litellm langchain_openai langchain_anthropic
"""
ROOTS = frozenset(_ROOTS.split())
"""Packages whose calls are kept besides those of the catalogue."""

_SIMULATED = """
    gym gymnasium stable_baselines3 stable_baselines sb3_contrib pettingzoo dm_control d4rl procgen smac
    atari_py vizdoom deepmind_lab minihack nle crafter metaworld robosuite isaacgym highway_env gfootball
    gym_super_mario_bros nes_py pysc2 smacv2 gymnax dmc2gym coinrun babyai pybulletgym mlagents_envs gym_unity
    unityagents mani_skill tianshou pybullet_envs ale_py minigrid gym_minigrid mujoco_py envpool jumanji
    brax bsuite rlbench tf_agents acme dopamine garage elegantrl rl_games rsl_rl pfrl chainerrl tensorforce
    kaggle_environments pyspiel rlcard ale_python_interface ple retro roboschool pommerman open_spiel
    hanabi_learning_environment malmo MalmoPython slimevolleygym grid2op magent textworld dm_env
"""
SIMULATED = frozenset(_SIMULATED.split())
"""Packages of environments to learn in by reinforcement: data comes from acting, not from a data set."""

_WEAK = """
    os sys six json numpy argparse optparse click configparser pydantic toml tomllib tomli traitlets polars
"""
WEAK = frozenset(_WEAK.split())
"""Packages that half of all Python imports: an import alone does not make a file worth parsing."""

_DATA = """
    numpy pandas torch sklearn tensorflow keras jax datasets transformers polars scipy cv2 PIL pyspark
    surprise imblearn lightfm implicit hmmlearn tslearn
"""
DATA = frozenset(_DATA.split())
"""Packages of rows, images and models: beside them, random numbers may decide what is learned."""

WORDS = regex(
    rb"numpy\.random|np\.random|allow_pickle|trust_remote_code|read_pickle|manual_seed|tensorboard"
    rb"|optimizer\.minimize\(|scipy\.optimize\b|scipy import [^\n]*\boptimize\b|create_training_job"
    rb"|\.fit\(|epoch|learning[_-]rate|batch[_-]size|weight[_-]decay|[\"']--lr\b|n_estimators|hyper_?param"
)
TAKES_ALL = regex(rb"^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t]+\*", re.M)
USED = regex(rb"\b(?:torch|tf|np|nn|random)\.|\.backward\(|\.step\(")
"""What a file does with names that it took from a module of the repository's own."""

IMPORT = regex(rb"^[ \t]*(?:import|from)[ \t]([^\n]*)", re.M)
WORD = regex(rb"\w+")
_METHODS = """
    fit fit_generator fit_transform fit_predict fit_one_cycle fine_tune partial_fit train train_on_batch
    train_model train_step compare_models create_model tune_model learn_one learn_many
    learn backward minimize apply_gradients train_test_split sample seed add_argument option
    shuffle add_options widgets read_pickle load_learner cross_validate trainer manual_seed random_split
    seed_everything set_seed update train_supervised build_vocab parse_args text get params
    fmin fmin_bfgs fmin_cg fmin_l_bfgs_b fmin_ncg fmin_tnc
exec flow_from_directory flow_from_dataframe create_training_job
    randomSplit push_to_hub upload_file upload_folder register_model create_model_version
"""
METHODS = frozenset(_METHODS.split())
_WRITTEN_OUT = """
    gradient_descent batch_gradient_descent mini_batch_gradient_descent minibatch_gradient_descent
    stochastic_gradient_descent least_squares least_squares_gd least_squares_sgd least_squares_GD
    least_squares_SGD mean_squared_error_gd mean_squared_error_sgd linear_regression
    ridge_regression logistic_regression reg_logistic_regression softmax_regression perceptron_train
    train_perceptron backprop backpropagation back_propagation backward_propagation L_model_backward
    update_parameters update_mini_batch SGD
"""
WRITTEN_OUT = frozenset(_WRITTEN_OUT.split())
"""Methods that courses let people write themselves, in the plain arithmetic of arrays."""

_KEYWORDS = """
    allow_pickle trust_remote_code report_to log_with tensorboard_log validation_split
    validation_data eval_set
"""
KEYWORDS = frozenset(_KEYWORDS.split())

HELD = (
    r"test|val|valid|validation|dev|eval|evaluation|holdout|hold_out|heldout|held_out|oof"
    r"|cv|kfold|n_folds|folds?"
)
NAMES = regex(
    rf"(?:^|[_\d]|(?<=[a-z])(?=[A-Z]))(?:{HELD})(?:s|set|sets|data|dataset|x|y|ing|\d*)?(?:$|[_\d]|(?=[A-Z]))"
    rf"|^(?:{HELD})(?:set|data|loader|ing|x|y|idx)",
    re.IGNORECASE,
)
PLACES = (
    r"/(?:home\d*|Users|nethome|srv|mnt|media|nfs\w*|net|scr|scratch\w*|gpfs\w*|lustre\w*|[adl]fs|data\d*|datasets?|storage\d*"
    r"|share[ds]?"
    r"|ssd\d*|hdd\d*|raid\d*|disk\d*|Volumes|efs|projects?|proj|work|Workspace|cluster|export|users|u|vol\w*|fs\w*"
    r"|homes|local[_-]\w+|nas\w*|cephfs|ceph|beegfs|groups?|private|root"
    r"|pool\d+|(?:g|c|p|l|net|local)scratch\d*|nobackup\d*|ptmp|apdcephfs\w*|ibex|ocean|juice\d*|tigress|sailhome|mmfs1"
    r"|datasets\d+|gs/hs\d|n/holy\w+|iris|vision|nlp|mnt\d+|global|cfs|hpc\w*|checkpoint|tudelft\.net|user|work\d+)/"
    r"|(?<![A-Za-z0-9_])[A-Za-z]:(?:\\{1,2}|/)(?![/\\])"
)
STRINGS = regex(
    rf"{PLACES}|\.\w+(?:Logger|Callback)$|\.tensorboard$|^tensorboardX$|(?:^|[^A-Za-z])(?:{HELD})(?:ing|set|data|s|_set|_data)?(?:$|[^A-Za-z])",
    re.IGNORECASE,
)


@fact
def interest(repo: Repo) -> Interest:
    """What the walk over a source keeps."""
    roots = {name.partition(".")[0] for tool in repo.standard.tools.values() for name in tool.imports}
    loggers = {name for tool in repo.standard.of_kind("tracker") for name in tool.facts.get("loggers", ())}
    return Interest(
        ROOTS | SIMULATED | roots,
        METHODS | WRITTEN_OUT | loggers | _logging(repo),
        KEYWORDS,
        NAMES,
        STRINGS,
        {},
    )


def _logging(repo: Repo) -> set[str]:
    """Methods by which a run is recorded, whatever the name of the object that has them."""
    listed = (
        pattern
        for tool in repo.standard.of_kind("tracker")
        for what in ("auto", "params", "metrics")
        for pattern in tool.facts.get(what, ())
    )
    return {pattern[2:] for pattern in listed if pattern.startswith("*.") and "*" not in pattern[2:]}


@fact
def _strong(repo: Repo) -> frozenset[bytes]:
    """Packages that make a file that imports them worth parsing."""
    return frozenset(name.encode() for name in interest(repo).roots - WEAK)


def matters(repo: Repo, raw: bytes) -> bool:
    """Whether the bytes of a source can hold anything that a fact asks for."""
    strong = _strong(repo)
    imported = any(not strong.isdisjoint(WORD.findall(line[1])) for line in IMPORT.finditer(raw))
    return (
        imported or WORDS.search(raw) is not None or (TAKES_ALL.search(raw) and USED.search(raw)) is not None
    )
