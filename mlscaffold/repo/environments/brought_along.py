"""What well-known distributions have always brought along by their own needs."""

from __future__ import annotations

from mlscaffold.repo.environments.distributions import DISTRIBUTIONS, rows
from mlscaffold.repo.environments.requirements import normalised

_BRINGS = """
pandas: numpy dateutil pytz six
scikit-learn: numpy scipy joblib threadpoolctl
sklearn: numpy scipy joblib sklearn
scipy: numpy
numba: numpy llvmlite
matplotlib: numpy PIL dateutil pyparsing cycler packaging mpl_toolkits
seaborn: numpy pandas matplotlib scipy
statsmodels: numpy pandas scipy patsy
scikit-image: numpy scipy PIL networkx imageio tifffile skimage
imbalanced-learn: sklearn numpy scipy joblib
xgboost: numpy scipy
lightgbm: numpy scipy sklearn
catboost: numpy pandas scipy matplotlib
torch: numpy typing_extensions sympy networkx jinja2 filelock fsspec caffe2
pytorch: numpy typing_extensions torch caffe2
torchvision: torch numpy PIL
torchaudio: torch
torchtext: torch numpy tqdm requests
torchmetrics: torch numpy packaging
pytorch-lightning: torch numpy tqdm yaml fsspec torchmetrics packaging lightning_utilities lightning_fabric
    tensorboard
lightning: torch numpy tqdm yaml fsspec torchmetrics packaging lightning_utilities pytorch_lightning
    lightning_fabric
pytorch-forecasting: torch pandas numpy sklearn scipy lightning
fastai: torch torchvision fastcore numpy pandas matplotlib PIL sklearn scipy spacy requests yaml
    fastprogress
timm: torch torchvision yaml huggingface_hub safetensors
kornia: torch
monai: torch numpy
transformers: numpy tqdm yaml requests regex tokenizers huggingface_hub safetensors filelock packaging
datasets: numpy pandas pyarrow tqdm requests fsspec huggingface_hub dill multiprocess xxhash yaml packaging
sentence-transformers: torch transformers numpy sklearn scipy tqdm huggingface_hub nltk sentencepiece
diffusers: numpy PIL requests huggingface_hub safetensors regex
accelerate: torch numpy yaml packaging psutil huggingface_hub safetensors
peft: torch transformers accelerate numpy safetensors
trl: torch transformers accelerate datasets
evaluate: datasets numpy pandas tqdm requests
simpletransformers: transformers datasets numpy pandas sklearn scipy wandb tqdm
flair: torch transformers gensim sklearn numpy
spacy: numpy thinc tqdm requests pydantic typer srsly
gensim: numpy scipy smart_open
tensorflow: numpy keras tensorboard h5py six absl google grpc termcolor wrapt
tensorflow-gpu: numpy keras tensorboard h5py six absl google grpc termcolor wrapt
tensorflow-cpu: numpy keras tensorboard h5py six absl google grpc termcolor wrapt
tf-nightly: numpy keras tensorboard h5py absl
keras: numpy h5py yaml
jax: numpy jaxlib scipy
jaxlib: numpy scipy
flax: jax numpy optax msgpack
optax: jax chex numpy absl
dm-haiku: jax jmp numpy absl tabulate
chex: jax numpy absl
gym: numpy cloudpickle
gymnasium: numpy cloudpickle
stable-baselines3: torch numpy gym gymnasium pandas matplotlib cloudpickle
minigrid: gymnasium numpy pygame
librosa: numpy scipy sklearn joblib soundfile numba
hydra-core: omegaconf yaml antlr4
omegaconf: yaml
mlflow: numpy pandas sklearn scipy matplotlib pyarrow yaml flask click sqlalchemy docker requests git
    cloudpickle packaging alembic
wandb: yaml requests psutil click git
dvc: yaml ruamel git tqdm requests networkx
kedro: yaml click rich fsspec omegaconf pluggy
optuna: numpy scipy sqlalchemy tqdm yaml
ray: numpy yaml requests click jsonschema
flask: werkzeug jinja2 click markupsafe itsdangerous
fastapi: starlette pydantic typing_extensions
streamlit: numpy pandas altair requests PIL pyarrow
gradio: numpy pandas PIL fastapi pydantic requests jinja2 matplotlib
uvicorn: click h11
dash: flask plotly werkzeug
boto3: botocore s3transfer
s3fs: fsspec aiobotocore
gcsfs: fsspec google
requests: urllib3 certifi idna chardet
dask: numpy pandas yaml cloudpickle fsspec toolz
distributed: dask tornado
xarray: numpy pandas
geopandas: pandas shapely fiona pyproj numpy
shap: numpy scipy sklearn pandas tqdm
umap-learn: numpy scipy sklearn numba
scanpy: anndata numpy pandas scipy sklearn matplotlib seaborn h5py networkx
anndata: numpy pandas scipy h5py
nibabel: numpy
opencv-python: numpy
opencv-python-headless: numpy
opencv-contrib-python: numpy
opencv: numpy
albumentations: numpy cv2 scipy
imageio: numpy PIL
pillow: PIL
moviepy: imageio numpy tqdm
torch-geometric: numpy scipy tqdm networkx sklearn jinja2 requests torch
pyg: numpy scipy tqdm networkx sklearn torch
dgl: numpy scipy networkx requests
ogb: torch numpy pandas sklearn
skorch: torch numpy sklearn scipy
botorch: torch gpytorch
pymc: numpy pandas scipy arviz pytensor
pymc3: numpy pandas scipy arviz theano
arviz: numpy pandas scipy matplotlib xarray netCDF4
prophet: numpy pandas matplotlib cmdstanpy
langchain: pydantic requests yaml numpy sqlalchemy langchain_core langchain_community
    langchain_text_splitters
openai: httpx pydantic
jupyter: IPython notebook ipywidgets nbformat nbconvert ipykernel jupyter_client
jupyterlab: IPython notebook nbformat nbconvert ipykernel tornado
notebook: IPython nbformat nbconvert ipykernel tornado
ipykernel: IPython tornado zmq
ipywidgets: IPython traitlets
ultralytics: torch torchvision numpy cv2 PIL yaml requests matplotlib pandas scipy tqdm psutil seaborn
pycaret: pandas numpy sklearn
tiktoken: regex requests
pycocoevalcap: pycocotools
tsfresh: numpy pandas scipy statsmodels sklearn
nltk: joblib click regex tqdm
plotly: packaging tenacity narwhals
setuptools: pkg_resources
mmcv-full: numpy cv2 yaml
mmcv: numpy cv2 yaml
mmdet: mmcv pycocotools matplotlib
rapids: cudf cuml cupy dask numpy pandas
sagemaker: boto3 botocore numpy pandas
pyspark: py4j
databricks-connect: py4j pyspark
anaconda: numpy pandas scipy sklearn matplotlib seaborn statsmodels skimage bokeh nltk requests yaml IPython
    h5py numba networkx sympy tqdm
"""
BRINGS = rows(_BRINGS)
"""The imports that a distribution has always brought along, so that everybody relies on them."""


def brought(distributions: set[str]) -> set[str]:
    """Every import that the named distributions bring by their own needs, also of their needs in turn."""
    found: set[str] = set()
    waiting = list(distributions)
    while waiting:
        fresh = set(BRINGS.get(waiting.pop(), ())) - found
        found |= fresh
        waiting += [DISTRIBUTIONS[name][0] if name in DISTRIBUTIONS else normalised(name) for name in fresh]
    return found
