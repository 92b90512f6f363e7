COPY ready_task TO STDOUT (FORMAT binary)
