"""The page shell: layouts, components, tokens and the clock strip every page is built from."""
