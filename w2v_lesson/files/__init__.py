"""What the lesson keeps on disk (chapters 05, 06, and 12).

disk
    Write files completely or not at all; find the cache folder.
targets
    Look at what a path names before anything is written there.
formats
    Save and load vectors, also in the formats of other tools.
foreign
    Reading what word2vec, GloVe, and gensim wrote.
not_vectors
    Naming what is given in place of a file of vectors.
kinds, wide
    What a file is, by its first bytes and by where its zero bytes are.
checkpoint
    Save everything that a training run needs to continue.
pretrained
    Get vectors of the Penn Treebank, from the cache or by training.
"""
