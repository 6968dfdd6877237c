"""The chat page: a Gradio page and a source viewer, served together on this machine."""
