"""Controls for the functions of the other modules; no mathematics of their own.

The chapters' widgets are in `explorer` (00, 05, 06, 11), `text` (01), `lookup` (02), `loss`
(03), `panel` (04), `analogies` and `wordmap` (05), `laboratory` (08) and `own_text` (11).
They share `shown`, `html`, `progress` and `background`.
"""
