"""Train on your own text. Chapter 12.

Read in this order: `reading` (from files to text), `sentences` (from text to words),
`indexing` (from words to arrays), `index_cache` (arrays kept on disk), `own_text` (settings
that suit the size, and training), `forecast` (how long training will take), `own_files`
(uploads and saved vectors).
"""
