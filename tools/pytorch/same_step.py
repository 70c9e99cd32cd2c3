"""The model of this lesson in PyTorch: `python tools/pytorch/same_step.py step.npz`.

`write_step.py` writes the file, with a minibatch, starting weights, and what MXNet makes of
them. This script starts from the same weights, takes the same steps, prints both results
side by side, and exits with 1 if they differ. It needs requirements.txt, and nothing of the
lesson. Chapter 13 compares the code line by line.

Adam adds a small number, epsilon, to what it divides by. PyTorch adds it after correcting
the average of the squared gradients for its start at zero, and MXNet before that. In the
first steps our gradients are so small that this matters, so the steps are taken twice, with
PyTorch's epsilon and with one that makes up for the difference.
"""

import math
import sys

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

TOLERANCE = 1e-5  # for a loss or a weight; float32 carries seven digits


def build_net(vocab_size, embed_size):
    """Make the two tables: v for centers, u for contexts."""
    return nn.ModuleList(
        [
            nn.Embedding(vocab_size, embed_size),
            nn.Embedding(vocab_size, embed_size),
        ]
    )


def skip_gram(center, contexts_and_negatives, embed_v, embed_u):
    """Score each center against each of its context and noise words."""
    v = embed_v(center)  # (batch, 1, embed_size)
    u = embed_u(contexts_and_negatives)  # (batch, max_len, embed_size)
    return torch.bmm(v, u.transpose(1, 2))  # (batch, 1, max_len)


def masked_loss(pred, label, mask):
    """Average the binary cross-entropy of each example over its unmasked pairs."""
    l = binary_cross_entropy_with_logits(pred, label, mask, reduction="none")
    return l.sum(axis=1) / mask.sum(axis=1)


def train_step(net, optimizer, batch):
    """Compute the loss of one minibatch and move the weights against its gradient."""
    center, context_negative, mask, label = batch
    optimizer.zero_grad()
    pred = skip_gram(center, context_negative, net[0], net[1])
    l = masked_loss(pred.reshape(label.shape), label, mask)
    l.mean().backward()
    optimizer.step()
    return l


def take_steps(given, batch, epsilon):
    """Take as many steps as MXNet did; return their losses and the final weights.

    `epsilon` returns Adam's epsilon for each step, counted from 1.
    """
    net = build_net(*given["center"].shape)
    with torch.no_grad():
        net[0].weight.copy_(given["center"])
        net[1].weight.copy_(given["context"])
    optimizer = torch.optim.Adam(net.parameters(), lr=float(given["lr"]))
    losses = []
    for step in range(1, len(given["losses"]) + 1):
        optimizer.param_groups[0]["eps"] = epsilon(step)
        losses.append(train_step(net, optimizer, batch).detach())
    return torch.stack(losses), torch.stack([table.weight.detach() for table in net])


def epsilon_of_mxnet(step):
    """Return the epsilon with which PyTorch's Adam does what 1e-8 does in MXNet's."""
    return 1e-8 / math.sqrt(1 - 0.999**step)


def main(path):
    """Repeat the steps in the file, and return the exit status."""
    given = {name: torch.from_numpy(array) for name, array in np.load(path).items()}
    center, context_negative = given["centers"].long(), given["contexts_negatives"].long()
    batch = center, context_negative, given["masks"], given["labels"]
    own, _ = take_steps(given, batch, lambda step: 1e-8)
    losses, weights = take_steps(given, batch, epsilon_of_mxnet)

    print("torch", torch.__version__)
    print("step   MXNet  PyTorch  PyTorch with its own epsilon")
    for step, each in enumerate(zip(given["losses"], losses, own, strict=True), 1):
        print(
            f"{step:4}  {each[0].mean():.4f}   {each[1].mean():.4f}  {each[2].mean():.4f}"
        )
    difference = max(largest(losses - given["losses"]), largest(weights - given["weights"]))
    same = difference < TOLERANCE
    print(
        f"losses and weights differ by less than {TOLERANCE:.0e}: {'yes' if same else 'no'}"
    )
    return 0 if same else 1


def largest(differences):
    """Return the largest absolute value."""
    return float(differences.abs().max())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
