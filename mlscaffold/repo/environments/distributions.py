"""Import names, and the distributions that bring them."""

from __future__ import annotations

from mlscaffold.repo.environments.requirements import normalised


def rows(text: str) -> dict[str, tuple[str, ...]]:
    """`name: one two`, a row each; what is indented goes on with the row above."""
    rows = text.strip().replace("\n    ", " ").split("\n")
    return {name: tuple(rest.split()) for name, _, rest in (row.partition(":") for row in rows)}


_OTHER_NAMES = """
Bio: biopython
Crypto: pycryptodome pycrypto
Cryptodome: pycryptodomex
IPython: ipython jupyter jupyterlab notebook ipykernel jupyter-core ipywidgets
Levenshtein: levenshtein python-levenshtein
MySQLdb: mysqlclient
OpenGL: pyopengl
OpenSSL: pyopenssl
PIL: pillow pil pillow-simd
PyPDF2: pypdf2
PyQt5: pyqt5 pyqt
PyQt6: pyqt6
SimpleITK: simpleitk
Xlib: python-xlib
absl: absl-py
ale_py: ale-py
attr: attrs
bs4: beautifulsoup4 bs4
caffe2: torch pytorch
cairo: pycairo
cairosvg: cairosvg
catboost: catboost
chess: python-chess chess
clip: clip openai-clip clip-anytorch
comet_ml: comet-ml
community: python-louvain
cudf: cudf cudf-cu11 cudf-cu12 rapids
cuml: cuml cuml-cu11 cuml-cu12 rapids
cupy: cupy cupy-cuda11x cupy-cuda12x
cv2: opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless opencv
    py-opencv libopencv
cvxopt: cvxopt
datasets: datasets
dateutil: python-dateutil
deepspeed: deepspeed
dgl: dgl dgl-cu102 dgl-cu110 dgl-cu111 dgl-cu113 dgl-cu116 dgl-cu117 dgl-cu118
discord: discord-py
dns: dnspython
docx: python-docx
dotenv: python-dotenv
editdistance: editdistance
faiss: faiss-cpu faiss-gpu faiss faiss-gpu-cu12 faiss-gpu-cu11
feather: feather-format
fitz: pymupdf
flash_attn: flash-attn
flask_cors: flask-cors
flask_sqlalchemy: flask-sqlalchemy
gdcm: python-gdcm gdcm
git: gitpython
github: pygithub
graphviz: graphviz python-graphviz
grpc: grpcio
grpc_tools: grpcio-tools
gurobipy: gurobipy gurobi
h5py: h5py
haiku: dm-haiku
hdbscan: hdbscan
hydra: hydra-core
ignite: pytorch-ignite
igraph: igraph python-igraph
imblearn: imbalanced-learn imblearn
jose: python-jose
jwt: pyjwt
keras: keras tensorflow
kerastuner: keras-tuner
kfp: kfp
konlpy: konlpy
lightning: lightning
lightning_fabric: lightning lightning-fabric pytorch-lightning
llama_index: llama-index llama-index-core
lxml: lxml
magic: python-magic
matplotlib: matplotlib matplotlib-base
mlflow: mlflow mlflow-skinny mlflow-tracing
mmcv: mmcv mmcv-full
mmdet: mmdet
mmengine: mmengine
mmseg: mmsegmentation
mpl_toolkits: matplotlib matplotlib-base
mujoco_py: mujoco-py
mysql: mysql-connector-python mysql-connector
nacl: pynacl
neptune: neptune neptune-client
netCDF4: netcdf4
newspaper: newspaper3k newspaper
nibabel: nibabel
onnxruntime: onnxruntime onnxruntime-gpu
open3d: open3d open3d-cpu
open_clip: open-clip-torch
osgeo: gdal
pkg_resources: setuptools
plotly: plotly
prometheus_client: prometheus-client
psycopg2: psycopg2 psycopg2-binary
pyarrow: pyarrow
pycocotools: pycocotools pycocotools-windows
pydantic_settings: pydantic-settings
pydicom: pydicom
pydot: pydot pydotplus
pylab: matplotlib
pymc3: pymc3
pynvml: pynvml nvidia-ml-py nvidia-ml-py3
pyro: pyro-ppl
pyspark: pyspark databricks-connect
pytest: pytest
pythoncom: pywin32
pytorch_lightning: pytorch-lightning lightning
pywt: pywavelets
rdkit: rdkit rdkit-pypi
ruamel: ruamel-yaml
s3fs: s3fs
scikitplot: scikit-plot
scvi: scvi-tools
sentence_transformers: sentence-transformers
serial: pyserial
setuptools: setuptools
shap: shap
skbio: scikit-bio
skfda: scikit-fda
skimage: scikit-image
sklearn: scikit-learn sklearn
sklearn_crfsuite: sklearn-crfsuite
skopt: scikit-optimize
sksurv: scikit-survival
slugify: python-slugify
smart_open: smart-open
snappy: python-snappy
snowflake: snowflake-connector-python snowflake-snowpark-python snowflake
socks: pysocks
speech_recognition: speechrecognition
sqlalchemy: sqlalchemy
stable_baselines3: stable-baselines3
swiftclient: python-swiftclient
tables: tables pytables
telegram: python-telegram-bot
tensorboard: tensorboard tb-nightly
tensorflow: tensorflow tensorflow-cpu tensorflow-gpu tf-nightly tf-nightly-gpu tensorflow-macos
    tensorflow-rocm intel-tensorflow tensorflow-aarch64
tensorflow_addons: tensorflow-addons
tf_keras: tf-keras
tkinter: tk
tlz: toolz
torch: torch pytorch pytorch-gpu pytorch-cpu
torch_cluster: torch-cluster pytorch-cluster
torch_geometric: torch-geometric pyg
torch_scatter: torch-scatter pytorch-scatter
torch_sparse: torch-sparse pytorch-sparse
torchaudio: torchaudio
torchcrf: pytorch-crf torchcrf
torchmetrics: torchmetrics
torchvision: torchvision
umap: umap-learn
usb: pyusb
vtk: vtk
win32api: pywin32
win32com: pywin32
wx: wxpython
xgboost: xgboost py-xgboost py-xgboost-gpu py-xgboost-cpu xgboost-cpu
yaml: pyyaml
zmq: pyzmq
"""
DISTRIBUTIONS = rows(_OTHER_NAMES)
"""The distributions that bring an import, the usual one first."""

_SAME = """
    accelerate aim aiohttp albumentations alibi alibi_detect altair anndata ansible anthropic arviz ase
    astropy asyncpg audiomentations autogluon autograd awswrangler bentoml bertopic biopandas bitsandbytes
    black bokeh boto3 botocore botorch bottle bqplot brax cachetools captum cartopy catalyst
    category_encoders causalml causalnex celery chainer chex chromadb clearml click cloudpickle cmdstanpy
    cohere colorama coloredlogs contextily convokit cryptography cvxpy cython dash dask datashader deap
    deepchem deepdiff diffrax diffusers dill distrax django dm_control docker docopt docplex dowhy duckdb
    dvc dvclive dynaconf ebooklib econml einops elasticsearch emoji equinox evaluate evidently fairlearn
    fairseq fastai fastapi fastcore fastparquet feast featuretools fiftyone fiona fire flair flask flax
    folium fsspec ftfy gcsfs gensim geopandas geopy gpytorch gradio great_expectations guidance gunicorn
    gym gymnasium h5netcdf holoviews httpx huggingface_hub hvplot hyperopt imagehash imageio imgaug
    imutils interpret ipywidgets jax jaxlib jinja2 jiwer joblib jraph jsonlines jsonschema jumanji kaggle
    kedro keras_cv keras_nlp keras_tuner kornia kubernetes langchain langchain_community langchain_core
    langchain_openai langdetect librosa lifelines lightfm lightgbm lime litellm llvmlite lmdb lmfit lmql
    loguru luigi mdanalysis medpy metaflow minigrid missingno mistralai mlxtend monai moviepy multiprocess
    music21 mygene nbconvert nbformat networkx nevergrad nltk numba numexpr numpy numpyro ogb omegaconf
    onnx openai openml openpyxl optax optuna optuna_integration orjson palmerpenguins pandas
    pandas_profiling pandera panel papermill paramiko patsy peft pettingzoo pgmpy pingouin playwright
    plotnine pmdarima polars pooch prefect prettytable prophet psutil pvlib pyautogui pydantic pydeck
    pydub pyfaidx pygame pyglet pykeen pymc pymongo pymysql pyod pyodbc pyomo pypdf pyproj pyrender pysam
    pyscf pysr pytesseract pytorch_forecasting pytorch_metric_learning pyttsx3 pyvista rapidfuzz rasterio
    ray redis regex requests responses rich roboflow rouge rouge_score sacrebleu sacred sacremoses
    sagemaker scanpy scipy seaborn segmentation_models_pytorch selenium sentencepiece seqeval setfit
    shapely simpletransformers skorch smac snorkel sortedcontainers sounddevice soundfile spacy
    speechbrain spektral stanza statsforecast statsmodels stopwordsiso streamlit stumpy supervision sympy
    tabulate tenacity tensorboardx tensordict tensorflow_datasets tensorflow_hub tensorflow_probability
    tensorflow_text tensorly termcolor textblob textdistance textstat thop tianshou tifffile tiktoken timm
    tokenizers toml torchdata torchdiffeq torchinfo torchio torchrl torchsde torchsummary torchtext
    torchxrayvision tornado tpot tqdm transformers treelite trimesh trl tsfresh tslearn tweepy typer ujson
    ultralytics unsloth uvicorn vaex vllm wandb whisperx whylogs wordcloud xarray xformers xlrd xlsxwriter
    yacs yfinance zarr
"""
SAME = frozenset(_SAME.split())
"""Well-known imports whose distribution has the same name, in lower case."""


def known(name: str) -> bool:
    """Whether an index surely has a distribution for this import."""
    return name in DISTRIBUTIONS or name.lower() in SAME


def distributions_of(name: str) -> tuple[str, ...]:
    """The distributions that may bring the import, normalised, the usual one first."""
    return DISTRIBUTIONS.get(name, (normalised(name),))
