#!/usr/bin/env bash
# Makes the demo model from nothing: data, image tokenizer, transformer. Hours on two cores; a run
# that is stopped goes on where it was when started again.
#   demo/train.sh WORK_FOLDER [install]      install: put the result into demo/model
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=${1:?usage: demo/train.sh WORK_FOLDER [install]}
lumina=$root/lumina
mkdir -p "$work"
# Large tensors come and go with every step; the allocator is to keep their memory.
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=4294967296

"$lumina" demo-data pixels "$work/pixels-1" --count 12000 --panels 1 --seed 1
"$lumina" demo-data pixels "$work/pixels-2" --count 6000 --panels 2 --seed 2

[ -d "$work/movqgan/final" ] ||
  "$lumina" train-image-tokenizer -o "$work/movqgan" --data "$work/pixels-1:0.75" \
    --data "$work/pixels-2:0.25" --channels 32 --multipliers 1,1,2,4 --residual-blocks 1 \
    --codes 512 --commitment 1 --merge-distance 0.5 --l2-weight 4 --free-steps 150 --steps 1700 --batch-size 16 --seed 1 \
    --learning-rate 1e-3 --warmup-steps 50 --clip 1 --dtype bf16 --save-dtype bf16 \
    --validation-records 64 --validate-every 100 --save-every 100

# What turns samples into records: the tokenizer, MoVQGAN, and where its codes begin.
mkdir -p "$work/start"
cp "$root/demo/config.json" "$root"/demo/model/tokenizer*.json "$work/movqgan/final/movqgan.safetensors" \
  "$work/start"
records() { "$lumina" demo-data records "$work/$1" --model "$work/start" "${@:2}"; }
records records --count 65536 --seed 11
records records-edits --count 16384 --seed 13 --shares i2i=8,subject=12,edit=80
records records-words --count 24576 --seed 14 --shares t2i=76,pair=6,i2i=8,dense=4,subject=2,edit=4
records records-more-edits --count 18432 --seed 15 --shares edit=72,subject=5,i2i=5,t2i=18
records records-more --count 18432 --seed 16

[ -d "$work/transformer/final" ] ||
  "$lumina" finetune -o "$work/transformer" --data "$work/records" --data "$work/records-edits" \
    --data "$work/records-words" --data "$work/records-more-edits" --data "$work/records-more" --config "$root/demo/config.json" \
    --tokenizer "$root/demo/model" --image-tokenizer "$work/start/movqgan.safetensors" \
    --optimizer muon --steps 12300 --batch-size 24 --accumulation 1 --learning-rate 1.5e-3 \
    --min-learning-rate 1e-5 --warmup-steps 200 --weight-decay 0.05 --clip 1 --dropout 0 --z-loss 1e-5 --max-seq-len 512 \
    --validation-records 96 --save-every 250 --seed 1

if [ "${2:-}" = install ]; then
  cp "$work"/transformer/final/{config.json,model.safetensors,movqgan.safetensors} "$root/demo/model"
fi
