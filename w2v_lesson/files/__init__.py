"""What the lesson keeps on the disk (chapters 05, 06, and 12).

disk
    Files that are written whole or not at all; the cache folder.
formats
    Saving and loading vectors, also in the formats of other tools.
foreign
    Reading what word2vec, GloVe, and gensim wrote.
not_vectors
    Naming what is given in place of a file of vectors.
kinds, wide
    What a file is, by its first bytes and by where its zero bytes are.
checkpoint
    All that a training needs to go on.
pretrained
    Vectors of the Penn Treebank, from the cache or trained now.
"""
