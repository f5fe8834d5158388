"""scripts/make_prompts: texts -> recordings, by voices that anybody may install and use."""
