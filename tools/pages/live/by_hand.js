// The arithmetic of chapter 04, as w2v_lesson/by_hand.py has it.

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

const pairLoss = (x, label) =>
  Math.max(x, 0) - x * label + Math.log1p(Math.exp(-Math.abs(x)));

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

// One step of gradient descent on the example of one center. The vectors that are passed in
// stay as they are; `loss` is the average before the step.
function step(v, U, labels, lr) {
  const dots = U.map((u) => dot(u, v)), sigmoids = dots.map(sigmoid);
  const errors = sigmoids.map((answer, i) => answer - labels[i]);
  const loss = dots.reduce((sum, x, i) => sum + pairLoss(x, labels[i]), 0) / U.length;
  const moved = (row, i) => row.map((u, k) => u - (lr * errors[i] * v[k]) / U.length);
  const pushed = (x, k) => x - (lr * dot(errors, U.map((u) => u[k]))) / U.length;
  return { dots, sigmoids, errors, loss, v: v.map(pushed), U: U.map(moved) };
}
