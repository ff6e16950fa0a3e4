"""What models are asked beside a conversation, in the background: for a summary of what does not
fit any more, and for a title. No send waits for it, and each call is in the ledger.

`working` is the one way in.
"""
