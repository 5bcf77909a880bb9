"""What holds keys, and what looks like it: for every test of what takes secrets out."""

from __future__ import annotations

LETTERS = "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z"
#: A key of each kind that is known by its shape.
KEYS = {
    "OpenAI key": "sk-proj-" + LETTERS[:40],
    "Anthropic key": "sk-ant-api03-" + LETTERS[:40],
    "OpenRouter key": "sk-or-v1-" + "0123456789abcdef" * 4,
    "API key (sk-)": "sk-" + LETTERS[:48],
    "Google API key": "AIza" + LETTERS[:35],
    "Google OAuth token": "ya29." + LETTERS[:40],
    "Google OAuth secret": "GOCSPX-" + LETTERS[:28],
    "AWS access key": "AKIA" + "A1B2C3D4E5F6G7H8",
    "xAI key": "xai-" + LETTERS[:40],
    "Groq key": "gsk_" + LETTERS[:40],
    "Hugging Face token": "hf_" + LETTERS[:34],
    "Perplexity key": "pplx-" + LETTERS[:40],
    "NVIDIA key": "nvapi-" + LETTERS[:40],
    "GitHub token": "ghp_" + LETTERS[:36],
    "GitLab token": "glpat-" + LETTERS[:20],
    "Slack token": "xoxb-" + "1234567890-abcdefghij",
    "Stripe key": "sk_live_" + LETTERS[:24],
    "Databricks token": "dapi" + "0123456789abcdef" * 2,
    "Azure key": LETTERS[:52] + "JQQJ9" + LETTERS[:27],
    "JSON web token": "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl",
    "organisation id": "org-" + LETTERS[:24],
    "project id": "proj_" + LETTERS[:24],
    "private key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQ\\n-----END PRIVATE KEY-----",
}
#: Texts that hold none.
ORDINARY = [
    "max_tokens must be at most 4096",
    '"token": "Hello", "prompt_tokens_details": {}, "token_type_ids": [0, 1]',
    "chatcmpl-AbCdEf0123456789, req_011CSabcdef, msg_01AbCdEf, resp_0123456789abcdef",
    "gpt-4o-2024-08-06, claude-sonnet-4-5-20250929, models/gemini-2.5-flash",
    "task-12345678, risk-management, desk-lamp-1234567",
    "class sk-circle-fade, hf_hub_download_path, org-wide changes, proj_name",
    "Bearer authentication is described below; Basic knowledge of HTTP",
    "https://host/docs?page=2&keyword=a and user@example.com",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB",
]
