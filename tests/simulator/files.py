"""Contents of attachments: on disk, as thousands of them are too much for memory."""

import tempfile


class FileStore:
    """Keeps contents one after the other, until the simulator ends or starts anew."""

    def __init__(self):
        # Most simulators never see a file.
        self._file = None

    def add(self, content):
        """Return where a content is kept."""
        if self._file is None:
            self._file = tempfile.TemporaryFile()
        start = self._file.seek(0, 2)
        self._file.write(content)
        return start, len(content)

    def read(self, place):
        start, length = place
        self._file.seek(start)
        return self._file.read(length)

    def close(self):
        if self._file is not None:
            self._file.close()
