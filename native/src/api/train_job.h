// Training jobs as JSON text describes them.
#pragma once

#include <string>

#include "lumina/training.h"

namespace lumina::api {

// Trains and returns a summary. `options`, an object; numbers and texts as named below, defaults in
// brackets:
//
//   kind               "movqgan" or "transformer"
//   output             the run's folder (training/run_folder.h)
//   threads            [0: as many as this process may use]
//   device             "cpu", "cuda" or "cuda:N" ["cpu"]
//   precision          "fp32" or "bf16" of the computation ["fp32"]; what is trained is kept in
//   fp32 seed [0], steps, batch_size, accumulation [1] learning_rate [2e-5], min_learning_rate [0],
//   warmup_steps [0], weight_decay [0], clip [4] beta1 [0.9], beta2 [0.95] save_every [500], keep
//   [2], validate_every [0], validation_records [0], max_seconds [0]
//
// for movqgan:
//   sources            [{"path", "weight" [1]}, ..]: files of pixel records
//   from               a MoVQGAN file to go on from, or instead
//   channels, multipliers, num_res_blocks, attention, codebook_size, embed_dim, z_channels
//   crop [0], l2_weight [1], codebook_weight [1], commitment [0.25], free_steps [200],
//   restart_every [50], restart_until [0.8], merge_distance [0]; batch_size [8], weights "fp32" or
//   "bf16" ["fp32"]
//
// for transformer:
//   records            [{"path", "ratio" [1]}, ..]: token records (training/token_records.h)
//   model              folder to go on from, or instead config (an object, as config.json),
//                      tokenizer (folder with tokenizer files)
//   image_tokenizer    MoVQGAN file that goes into the model folders [that of the model]
//   token_ids          {"image_start", "image_end"}
//   epochs [1], warmup_epochs [0.03]: in place of steps and warmup_steps
//   batch_size [4], max_seq_len [the model's], prompt_dropout [0.1], dropout [0.05], z_loss [0],
//   checkpointing [false], weights "bf16" or "fp32" [as the model's]
//   lora               {"rank" [16], "alpha" [2 rank], "targets" [q_proj, k_proj, v_proj, o_proj]}
//
// Throws Error(kInvalidArgument) for an option that is unknown, missing or out of range, and what
// training::train throws.
TrainingSummary run_training(const std::string& options, TrainingObserver* observer,
                             const CancellationFlag* flag);

}  // namespace lumina::api
