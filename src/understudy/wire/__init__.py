"""Wire APIs: who answers, and what a request and its answer say. No input, no output.

No provider is known here: see `understudy.providers`.
"""

from ._answer import Draft, is_whole, laid_over
from ._api import Asked, BaseApi, PromptReader, WireApi
from ._content import Content
from ._pieces import Landmarks
from ._provider import Needed, OtherPath, Provider
from ._reading import Question, read_error
from ._registry import Recognised, WireApis
from ._reports import is_report
from ._target import Peek, Target
from ._watcher import StreamWatcher
from .streams import decoded_body

#: The older word for the class that a plugin registers.
Codec = WireApi

__all__ = [
    "Asked",
    "BaseApi",
    "Codec",
    "Content",
    "Draft",
    "Landmarks",
    "Needed",
    "OtherPath",
    "Peek",
    "PromptReader",
    "Provider",
    "Question",
    "Recognised",
    "StreamWatcher",
    "Target",
    "WireApi",
    "WireApis",
    "decoded_body",
    "is_report",
    "is_whole",
    "laid_over",
    "read_error",
]
