"""What a paper is made of: sums in words, requisites, the payment QR, typst, the owner's .docx (K-11, K-12).

Nothing here knows a deal or a database: plain values in, text or bytes out.
"""
