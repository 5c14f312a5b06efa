"""How people work on it together: continuous integration, hooks, tests, style, who committed."""
