"""How much memory GPUs have, and when that is too little for a model."""

from ._lockout import Lockout
from ._nvml import NvmlReader
from ._reading import GpuMemory, GpuReader, Readings

__all__ = ["GpuMemory", "GpuReader", "Lockout", "NvmlReader", "Readings"]
