#!/usr/bin/env python3
"""Makes the demo model's tokenizer: demo/model/tokenizer.json and tokenizer_config.json.

Byte-level BPE as in the released tokenizer (docs/spec/model.md 4.1: NFC, the Qwen2 split, no prefix
space), but with merges learned from the demo's own sentences: the templates of tasks.json filled
with the captions and instructions of the demo world. It can write any text; a word of the demo
world is one token. Ids: 256 bytes, the merges, then the added tokens; image codes follow at the
next multiple of 64.

BPE never merges across the split, so a template costs at least a token a word. The fixed wording
of the two-panel templates, 20 to 30 words, is therefore made of added tokens, one for each stretch
(PHRASES): a model this small spends its time on the picture and not on reading the same sentence.

The same input gives the same bytes. The result is committed; run again after tasks.json changed:

    pip install tokenizers==0.23.3
    python demo/make_tokenizer.py
"""

import itertools
import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, trainers

HERE = pathlib.Path(__file__).resolve().parent
TASKS = HERE.parent / "java/src/main/resources/io/github/lumina4j/tasks.json"
FOLDER = HERE / "model"

MERGES = 400  # at most; fewer once every word of the corpus is one token
CODEBOOK_SIZE = 512
CODE_ALIGNMENT = 64
LARGEST_GRID = 16  # cells of 32 pixels: pictures up to 512 pixels wide or high

# docs/spec/model.md 4.1
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)

BOS = "<|im_end|>"  # as in the released model: no BOS of its own, so the EOS token begins
CONTROL_TOKENS = [
    "<|endoftext|>",
    BOS,
    "<racm3:break>",  # a picture begins
    "<eoss>",  # a picture ends
    "<reserved08799>",  # a row ends
    *(f"<reserved{8800 + n:05}>" for n in range(1, LARGEST_GRID + 1)),  # n cells
    "<reserved08706>",  # a turn ends
    "<|image|>",
]

# Long enough that nobody writes one by chance: words of a user may not hold an added token.
PHRASES = [
    " where the <upper half> displays a <",
    " where the <lower half> displays a <",
    ">, while the <upper half> retains the original image for direct visual comparison:\n",
    ">, while the <lower half> retains the original image for direct visual comparison:\n",
    " where the <upper half> displays the original image, while the <lower half> shows the image"
    " edited according to the following prompt:\n",
]

SHAPES = ["circle", "square", "triangle", "star", "heart", "cross"]
COLOURS = ["red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink"]
BACKGROUNDS = ["white", "grey", "sand", "mint", "night"]
SIZES = ["small", "large"]
NUMBERS = ["two", "three", "four"]
PLACES = ["left of", "right of", "above", "below"]
DIRECTIONS = ["left", "right", "up", "down"]


def captions():
    """What the demo world says of its scenes."""
    for colour, shape in itertools.product(COLOURS, SHAPES):
        article = "an" if colour[0] in "aeiou" else "a"
        yield f"{article} {colour} {shape}"
        for size, background in itertools.product(SIZES, BACKGROUNDS):
            yield f"a {size} {colour} {shape} on a {background} background"
        for number in NUMBERS:
            yield f"{number} {colour} {plural(shape)}"
    for colour, shape, place in itertools.product(COLOURS, SHAPES, PLACES):
        other = SHAPES[(SHAPES.index(shape) + 1) % len(SHAPES)]
        other_colour = COLOURS[(COLOURS.index(colour) + 3) % len(COLOURS)]
        yield f"a {colour} {shape} {place} a {other_colour} {other}"
        yield f"a {colour} {shape}, a {other_colour} {other} and a {colour} {other}"


def changes():
    for colour, shape in itertools.product(COLOURS, SHAPES):
        yield f"make the {colour} {shape} {COLOURS[(COLOURS.index(colour) + 1) % len(COLOURS)]}"
        yield f"add a {colour} {shape}"
        yield f"remove the {colour} {shape}"
        for direction in DIRECTIONS:
            yield f"move the {colour} {shape} {direction}"
        for place in PLACES:
            yield f"add a {colour} {shape} {place} the {COLOURS[0]} {SHAPES[0]}"


def instructions():
    """What the demo world asks of an edit: one change, or two."""
    single = list(changes())
    yield from single
    for first, second in zip(single, single[7:]):
        yield f"{first} and {second}"


def plural(shape):
    return shape + ("es" if shape.endswith("s") else "s")


def spellings(text):
    """The two ways of writing a sentence: bare words, and with capital and full stop."""
    yield text
    yield text[0].upper() + text[1:] + "."


def fill(task, prompt):
    height = 96 * task["panels"]
    return (
        task["template"]
        .replace("{w}", "96")
        .replace("{h}", str(height))
        .replace("{prompt}", prompt)
        .replace("{description}", "a red circle")
    )


def sentences(tasks):
    texts = [t for words in (captions(), instructions()) for w in words for t in spellings(w)]
    # The words of the templates count a hundred times each, the templates themselves are few.
    for task in tasks:
        texts.extend([fill(task, "")] * 100)
    return texts


def train(texts):
    tokenizer = Tokenizer(models.BPE(unk_token=None, fuse_unk=False, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), behavior="isolated", invert=False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=256 + MERGES,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def add_tokens(tokenizer):
    def token(text, special):
        return AddedToken(
            text, single_word=False, lstrip=False, rstrip=False, normalized=False, special=special
        )

    tokenizer.add_special_tokens([token(text, True) for text in CONTROL_TOKENS])
    tokenizer.add_tokens([token(text, False) for text in PHRASES])


def write(tokenizer):
    FOLDER.mkdir(exist_ok=True)
    tokenizer.save(str(FOLDER / "tokenizer.json"), pretty=True)
    config = {
        "tokenizer_class": "Qwen2Tokenizer",
        "bos_token": None,
        "eos_token": BOS,
        "pad_token": "<|endoftext|>",
        "unk_token": None,
        "add_bos_token": False,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
    }
    (FOLDER / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")


def report(tokenizer, tasks):
    words = {
        word
        for text in sentences(tasks)
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)
    }
    split = sorted(w for w in words if tokenizer.token_to_id(w) is None)
    print(f"{len(words)} different words, {len(split)} of them more than one token: {split}")
    caption = "A large red star left of a blue heart on a mint background."
    print(f"tokens of a prompt, with BOS and separator; the caption alone: "
          f"{len(tokenizer.encode(caption).ids)}")
    for task in tasks:
        encoded = tokenizer.encode(fill(task, caption))
        print(f"  {len(encoded.ids) + 2:3}  {task['name']}")
    size = tokenizer.get_vocab_size(with_added_tokens=True)
    offset = -(-size // CODE_ALIGNMENT) * CODE_ALIGNMENT
    print(f"merges: {tokenizer.get_vocab_size(with_added_tokens=False) - 256}, ids: {size}")
    print(f"image_token_offset: {offset}, image_codebook_size: {CODEBOOK_SIZE}, "
          f"vocab_size: {offset + CODEBOOK_SIZE}")
    for token in (BOS, "<racm3:break>", "<eoss>", "<reserved08799>", "<reserved08706>"):
        print(f"{token}: {tokenizer.token_to_id(token)}")


def main():
    tasks = json.loads(TASKS.read_text(encoding="utf-8"))
    for phrase in PHRASES:
        if not any(phrase in fill(task, "") for task in tasks):
            sys.exit(f"no template has this wording any more: {phrase!r}")
    tokenizer = train(sentences(tasks))
    add_tokens(tokenizer)
    write(tokenizer)
    report(tokenizer, tasks)


if __name__ == "__main__":
    main()
