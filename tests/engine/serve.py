"""Make a model in a folder and serve it: `python serve.py FOLDER SECONDS_UNTIL_IT_SLEEPS`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import xllamacpp
from gguf import GGUFWriter

LAYERS, WIDTH, HEADS, CONTEXT = 1, 32, 4, 1024
WORDS = ("the", "of", "and", "to", "in", "is", "it", "you", "that", "he", "was", "for", "on")
BYTES = [f"<0x{value:02X}>" for value in range(256)]
TOKENS = ["<unk>", "<s>", "</s>", *BYTES, *(f"\u2581{word}" for word in WORDS)]
KINDS = [2, 3, 3, *[6] * len(BYTES), *[1] * len(WORDS)]  # unknown, control, byte, normal
TEMPLATE = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant:"


def make_model(path: Path) -> None:
    """Write a model of llama's architecture with random weights."""
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(2 * WIDTH)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(TOKENS)
    writer.add_token_scores([0.0] * len(TOKENS))
    writer.add_token_types(KINDS)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)
    _add_weights(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_weights(writer: GGUFWriter) -> None:
    chance = np.random.default_rng(0)
    ones = np.ones(WIDTH, np.float32)

    def add(name: str, *shape: int) -> None:
        writer.add_tensor(f"{name}.weight", chance.normal(0, 0.02, shape).astype(np.float32))

    add("token_embd", len(TOKENS), WIDTH)
    add("output", len(TOKENS), WIDTH)
    writer.add_tensor("output_norm.weight", ones)
    for layer in range(LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{norm}.weight", ones)
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"blk.{layer}.{part}", WIDTH, WIDTH)
        for part in ("ffn_gate", "ffn_up"):
            add(f"blk.{layer}.{part}", 2 * WIDTH, WIDTH)
        add(f"blk.{layer}.ffn_down", WIDTH, 2 * WIDTH)


def serve(path: Path, sleep_seconds: int) -> None:
    """Serve a model until the input ends, and say where."""
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {"tiny"}
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.endpoint_metrics = params.endpoint_props = True
    params.warmup = False
    params.sleep_idle_seconds = sleep_seconds
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # it has no other end


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    make_model(folder / "tiny.gguf")
    serve(folder / "tiny.gguf", int(sys.argv[2]))
