"""Train on your own text. Chapter 12.

Read in this order: `reading` (files into pieces, decoded by `encodings`), `sentences` (text
into sentences, after `markup` and `layout` had a look at it), `words` (sentences into words),
`indexing` (words into arrays), `index_cache` (arrays kept on the disk), `own_text` (settings
by size, and the training), `forecast` (how long it will take), `own_files` (uploads and saved
vectors).
"""
