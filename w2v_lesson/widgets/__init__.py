"""Controls for the functions of the other modules, without any mathematics of their own.

The chapters' widgets are in `explorer` (00, 06, 12), `text` (01, 02), `lookup` (03), `loss`
(04), `panel` with `history` (05), `plane` (05, 06, 09), `analogies` and `wordmap` (06),
`laboratory` with `knobs`, `runs`, `runmap`, and `suggestions` (09), and `own_text` (12).
They share `style`, `shown`, `html`, `progress`, `background`, `busy`, and `lost`.
"""
