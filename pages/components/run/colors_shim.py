def run_color(run):
    return ["#0f8a8a", "#c2571a", "#6a5fc9", "#b8860b", "#c2407a", "#3f7fd0", "#4f8f2f", "#a05a2c"][int(run.id[-2:], 16) % 8]
