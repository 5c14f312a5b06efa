# What `kind` in params.yaml can be. One more kind is one more line here.
KINDS = {
    "baseline": {"classification": DummyClassifier, "regression": DummyRegressor},
    "linear": {"classification": LogisticRegression, "regression": Ridge},
    "mlp": {
        "classification": network.MLPClassifier,
        "regression": network.MLPRegressor,
    },
}
