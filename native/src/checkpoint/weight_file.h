// What one file of weights holds, whatever its format.
#pragma once

#include <string>
#include <vector>

#include "checkpoint/safetensors.h"

namespace lumina::checkpoint {

struct WeightFile {
  TensorMap tensors;
  UnreadableTensors unreadable;   // by name, with what is wrong: matter only if they are needed
  std::vector<std::string> keys;  // what the file holds at its top, for messages
};

// Reads a file of any known format, told apart by content: safetensors, or torch.save's zip or old
// format. Of a torch.save file, the state dict that `anchors` choose; the names are as they are in
// the file. Throws Error(kCheckpoint).
WeightFile read_weight_file(const std::string& path, const std::vector<std::string>& anchors,
                            std::map<std::string, std::string>* metadata);

// All tensors of the shards that an index file (model.safetensors.index.json,
// pytorch_model.bin.index.json) names. Shards lie beside the index or in folders below it; a name
// that leaves its folder is refused.
WeightFile read_sharded(const std::string& index_path);

}  // namespace lumina::checkpoint
