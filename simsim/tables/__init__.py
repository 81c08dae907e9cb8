"""Tables as offices keep them: workbooks, text files and folders read, their headings and cells understood."""
