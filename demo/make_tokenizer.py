#!/usr/bin/env python3
"""Makes a demo model's tokenizer: tokenizer.json and tokenizer_config.json, in demo/model for the
world of shapes and in demo/book for the picture book.

Byte-level BPE as in the released tokenizer (docs/spec/model.md 4.1: NFC, the Qwen2 split, no prefix
space), but with merges learned from the demo's own sentences: the templates of tasks.json filled
with the captions and instructions of the demo world. It can write any text; a word of the demo
world is one token. What the picture book says comes from the program itself. Ids: 256 bytes, the merges, then the added tokens; image codes follow at the
next multiple of 64.

BPE never merges across the split, so a template costs at least a token a word. The fixed wording
of the two-panel templates, 20 to 30 words, is therefore made of added tokens, one for each stretch
(PHRASES): a model this small spends its time on the picture and not on reading the same sentence.

The same input gives the same bytes. The result is committed; run again after tasks.json changed:

    pip install tokenizers==0.23.3
    python demo/make_tokenizer.py
    ./lumina demo-data prompts --world book --seed 1 --count 10000 >prompts.tsv
    python demo/make_tokenizer.py prompts.tsv
"""

import dataclasses
import itertools
import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, trainers

HERE = pathlib.Path(__file__).resolve().parent
TASKS = HERE.parent / "java/src/main/resources/io/github/lumina4j/tasks.json"

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


@dataclasses.dataclass
class World:
    """What differs between the worlds."""

    folder: pathlib.Path
    side: int  # of a picture, in pixels
    merges: int  # at most; fewer once every word of the corpus is one token
    codebook_size: int
    texts: list  # captions and instructions, as often as they are to count
    description: str  # of a given picture
    caption: str  # a long one, for the report


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


def shapes():
    texts = [t for words in (captions(), instructions()) for w in words for t in spellings(w)]
    caption = "A large red star left of a blue heart on a mint background."
    return World(HERE / "model", 96, 400, 512, texts, "a red circle", caption)


def book(prompts):
    """The lines of demo-data prompts: task, prompt and, of subjects, a description."""
    lines = pathlib.Path(prompts).read_text(encoding="utf-8").splitlines()
    texts = [text for line in lines for text in line.split("\t")[1:] if text]
    caption = "A large red car to the left of a pine tree in the snow at night."
    return World(HERE / "book", 128, 1100, 1024, texts, "a teddy bear", caption)


def fill(world, task, prompt):
    return (
        task["template"]
        .replace("{w}", str(world.side))
        .replace("{h}", str(world.side * task["panels"]))
        .replace("{prompt}", prompt)
        .replace("{description}", world.description)
    )


def sentences(world, tasks):
    texts = list(world.texts)
    # The words of the templates count a hundred times each, the templates themselves are few.
    for task in tasks:
        texts.extend([fill(world, task, "")] * 100)
    return texts


def train(world, texts):
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
        vocab_size=256 + world.merges,
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


def write(world, tokenizer):
    world.folder.mkdir(exist_ok=True)
    tokenizer.save(str(world.folder / "tokenizer.json"), pretty=True)
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
    (world.folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")


def report(world, tokenizer, tasks):
    words = {
        word
        for text in sentences(world, tasks)
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)
    }
    split = sorted(w for w in words if tokenizer.token_to_id(w) is None)
    print(f"{len(words)} different words, {len(split)} of them more than one token: {split}")
    print(f"tokens of a prompt, with BOS and separator; the caption alone: "
          f"{len(tokenizer.encode(world.caption).ids)}")
    for task in tasks:
        encoded = tokenizer.encode(fill(world, task, world.caption))
        print(f"  {len(encoded.ids) + 2:3}  {task['name']}")
    size = tokenizer.get_vocab_size(with_added_tokens=True)
    offset = -(-size // CODE_ALIGNMENT) * CODE_ALIGNMENT
    print(f"merges: {tokenizer.get_vocab_size(with_added_tokens=False) - 256}, ids: {size}")
    print(f"image_token_offset: {offset}, image_codebook_size: {world.codebook_size}, "
          f"vocab_size: {offset + world.codebook_size}")
    for token in (BOS, "<racm3:break>", "<eoss>", "<reserved08799>", "<reserved08706>"):
        print(f"{token}: {tokenizer.token_to_id(token)}")


def main():
    world = book(sys.argv[1]) if len(sys.argv) > 1 else shapes()
    tasks = json.loads(TASKS.read_text(encoding="utf-8"))
    for phrase in PHRASES:
        if not any(phrase in fill(world, task, "") for task in tasks):
            sys.exit(f"no template has this wording any more: {phrase!r}")
    tokenizer = train(world, sentences(world, tasks))
    add_tokens(tokenizer)
    write(world, tokenizer)
    report(world, tokenizer, tasks)


if __name__ == "__main__":
    main()
