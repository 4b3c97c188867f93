"""The composition root: settings, urls, the API, the `yiwang` command."""
