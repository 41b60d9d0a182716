#!/usr/bin/env bash
# Makes the picture book's model: data, image tokenizer, transformer. A run that is stopped goes on
# where it was when started again. Any machine will do: what is needed lies in the repository.
#   demo/train-book.sh WORK_FOLDER [image-tokenizer]      image-tokenizer: stop after that
# Variables: LUMINA_DEVICE (cpu by default; cuda), LUMINA_DTYPE (fp32 by default; bf16),
#   TOKENIZER_STEPS (6000 by default), LUMINA_THREADS (0 by default: one per core).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=${1:?usage: demo/train-book.sh WORK_FOLDER [image-tokenizer]}
lumina=$root/lumina
book=$root/demo/book
compute=(--device "${LUMINA_DEVICE:-cpu}" --dtype "${LUMINA_DTYPE:-fp32}" --threads "${LUMINA_THREADS:-0}")
mkdir -p "$work"
# Large tensors come and go with every step; the allocator is to keep their memory.
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=4294967296

pixels() { "$lumina" demo-data pixels "$work/$1" --world book "${@:2}"; }
pixels pixels-1 --count 16000 --panels 1 --seed 1
pixels pixels-2 --count 4000 --panels 2 --seed 2

# From the best weights so far.
[ -d "$work/movqgan/final" ] ||
  "$lumina" train-image-tokenizer -o "$work/movqgan" --from "$book/movqgan.safetensors" \
    --data "$work/pixels-1:0.75" --data "$work/pixels-2:0.25" "${compute[@]}" --save-dtype bf16 \
    --commitment 1 --merge-distance 0.5 --l2-weight 4 --steps "${TOKENIZER_STEPS:-6000}" \
    --optimizer muon --batch-size 8 --seed 1 --learning-rate 1e-3 --warmup-steps 50 --clip 1 \
    --validation-records 64 --validate-every 100 --save-every 100
[ "${2:-}" != image-tokenizer ] || exit 0

# What turns samples into records: the tokenizer, MoVQGAN, and where its codes begin.
mkdir -p "$work/start"
cp "$book/config.json" "$book"/tokenizer*.json "$work/movqgan/final/movqgan.safetensors" "$work/start"
records() { "$lumina" demo-data records "$work/$1" --world book --model "$work/start" "${@:2}"; }
# One thing, two, then all, which go to four.
records records-1 --most-things 1 --count 16384 --seed 11 --shares t2i=80,dense=10,i2i=5,edit=5
records records-2 --most-things 2 --count 32768 --seed 12
records records-4 --count 98304 --seed 13
records records-edits --count 32768 --seed 14 --shares edit=72,subject=14,t2i=14

# The curriculum: each stage goes on from the one before.
stage() {
  [ -d "$work/$1/final" ] ||
    "$lumina" finetune -o "$work/$1" --image-tokenizer "$work/start/movqgan.safetensors" \
      "${compute[@]}" --optimizer muon --batch-size 24 --accumulation 1 --weight-decay 0.05 --clip 1 \
      --dropout 0 --z-loss 1e-5 --max-seq-len 768 --validation-records 96 --save-every 250 --seed 1 "${@:2}"
}
stage stage-1 --config "$book/config.json" --tokenizer "$book" --data "$work/records-1" \
  --steps 1500 --learning-rate 2e-3 --min-learning-rate 1e-3 --warmup-steps 200
stage stage-2 --model "$work/stage-1/final" --data "$work/records-1:0.5" --data "$work/records-2" \
  --steps 3000 --learning-rate 1.5e-3 --min-learning-rate 1e-3
stage stage-3 --model "$work/stage-2/final" --data "$work/records-2:0.5" --data "$work/records-4" \
  --data "$work/records-edits" --steps 14000 --learning-rate 1.2e-3 --min-learning-rate 1e-5
