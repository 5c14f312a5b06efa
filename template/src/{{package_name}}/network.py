"""A small neural network in PyTorch that fits where a scikit-learn estimator fits.

Its weights are kept as NumPy arrays, so a model trained on a GPU loads on a CPU and
its file holds nothing that could run.
"""

import os
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def seed_torch(seed: int) -> None:
    """Seed PyTorch on every device and ask for deterministic algorithms."""
    # https://docs.pytorch.org/docs/stable/notes/randomness.html
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.manual_seed(seed)
    torch.backends.cudnn.benchmark = False
    torch.use_deterministic_algorithms(True)


def choose_device(device: str) -> torch.device:
    """Give the device to train on; `auto` takes a GPU where there is one."""
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(device)


class MLP(BaseEstimator):
    """A multi-layer perceptron; classes and numbers differ in `encode` and `loss`.

    `hidden` is the width of each hidden layer, `weight_decay` the strength of the L2
    penalty. Fitting and predicting take features of shape (rows, columns).
    """

    loss: type[nn.Module]

    def __init__(  # noqa: PLR0913, PLR0917 - scikit-learn reads the settings here
        self,
        hidden=(32,),
        epochs=60,
        batch_size=32,
        learning_rate=0.003,
        weight_decay=0.0001,
        random_state=0,
        device="auto",
    ):
        self.hidden = hidden
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.random_state = random_state
        self.device = device

    def fit(self, features: np.ndarray, target: np.ndarray) -> "MLP":
        """Fit the weights with Adam, batches drawn by a seeded generator."""
        seed_torch(self.random_state)
        device = choose_device(self.device)
        encoded = self.encode(target)
        inputs = torch.as_tensor(np.asarray(features), dtype=torch.float32)
        self.width_ = int(inputs.shape[1])
        network = self.network().to(device)
        optimiser = torch.optim.Adam(
            network.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay
        )
        loss = self.loss()
        for batch, expected in self.batches(inputs, encoded):
            optimiser.zero_grad()
            loss(network(batch.to(device)), expected.to(device)).backward()
            optimiser.step()
        state = network.state_dict()
        self.weights_ = {name: array.cpu().numpy() for name, array in state.items()}
        return self

    def batches(
        self, inputs: torch.Tensor, encoded: torch.Tensor
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Give the shuffled batches of every epoch."""
        generator = torch.Generator().manual_seed(self.random_state)
        rows = TensorDataset(inputs, encoded)
        loader = DataLoader(rows, self.batch_size, shuffle=True, generator=generator)
        for _ in range(self.epochs):
            yield from loader

    def network(self) -> nn.Sequential:
        """Give the layers, from `width_` inputs to `outputs_` outputs."""
        widths = [self.width_, *self.hidden]
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [nn.Linear(before, after), nn.ReLU()]
        return nn.Sequential(*layers, nn.Linear(widths[-1], self.outputs_))

    def outputs(self, features: np.ndarray) -> torch.Tensor:
        """Give the network's outputs, shape (rows, outputs), computed on the CPU."""
        network = self.network()
        state = {name: torch.from_numpy(array) for name, array in self.weights_.items()}
        network.load_state_dict(state)
        network.eval()
        inputs = torch.as_tensor(np.asarray(features), dtype=torch.float32)
        with torch.no_grad():
            return network(inputs)


class MLPClassifier(ClassifierMixin, MLP):
    """The network for classes."""

    loss = nn.CrossEntropyLoss

    def encode(self, target: np.ndarray) -> torch.Tensor:
        """Give each row's class as its place in `classes_`, shape (rows,)."""
        self.classes_, places = np.unique(target, return_inverse=True)
        self.outputs_ = len(self.classes_)
        return torch.as_tensor(places, dtype=torch.int64)

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        """Give the probability of each class, shape (rows, classes)."""
        outputs = self.outputs(features).double()
        return torch.softmax(outputs, dim=1).numpy()

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Give the likeliest class of each row, shape (rows,)."""
        return self.classes_[self.predict_proba(features).argmax(axis=1)]


class MLPRegressor(RegressorMixin, MLP):
    """The network for numbers; it learns the target in units of its deviation."""

    loss = nn.MSELoss

    def encode(self, target: np.ndarray) -> torch.Tensor:
        """Give the standardised target, shape (rows, 1)."""
        self.mean_, self.scale_ = float(target.mean()), float(target.std()) or 1.0
        self.outputs_ = 1
        scaled = (target - self.mean_) / self.scale_
        return torch.as_tensor(scaled, dtype=torch.float32).reshape(-1, 1)

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Give the predicted number of each row, shape (rows,)."""
        return self.outputs(features).double().numpy()[:, 0] * self.scale_ + self.mean_
