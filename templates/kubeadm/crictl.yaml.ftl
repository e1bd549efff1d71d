# Written by provision; changes made here are undone.
runtime-endpoint: ${socket}
image-endpoint: ${socket}
timeout: 10
