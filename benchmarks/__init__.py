"""What understudy costs, beside the floor and the peers, in one run."""
