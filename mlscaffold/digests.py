"""BLAKE2 without OpenSSL, which `hashlib` loads for the sake of others: that takes longer than git does."""

try:
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b"]
