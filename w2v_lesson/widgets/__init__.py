"""Controls for the functions of the other modules, without any mathematics of their own.

The chapters' widgets are in `explorer` (00, 06, 12), `text` (01, 02), `lookup` (03), `loss`
(04), `panel` (05), `analogies` and `wordmap` (06), `laboratory` (09), and `own_text` (12).
`neighbor_lists` belongs to `explorer`. All share `style`, `shown`, `html`, `progress`, and
`background`.
"""
