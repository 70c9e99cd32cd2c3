"""Your own text, from files to a training. Chapter 12.

Read in this order: `reading` (files into text), `sentences` (text into words), `indexing`
(words into arrays), `index_cache` (arrays kept on the disk), `own_text` (settings by size,
and the training), `forecast` (how long it will take), `own_files` (uploads and saved vectors).
"""
