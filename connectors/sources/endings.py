"""By which endings files of mail and pictures are known."""

MAIL = frozenset({".eml", ".mbox", ".mbx", ".emlx", ".mht", ".msg", ".pst", ".ost"})
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
