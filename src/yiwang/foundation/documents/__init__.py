"""Legal documents as PDF/A: content checked by kind, printed by typst, signed without a network.

`content` and `kinds` say what a document holds; `render.render` prints it with a `fonts.FontSet`;
`signing` signs and checks. Nothing is imported here: signing takes half a second to load.
"""
