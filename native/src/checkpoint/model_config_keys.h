// What happens to each key of config.json.
#pragma once

#include <vector>

#include "checkpoint/known_keys.h"

namespace lumina::checkpoint {

// Every key that transformers 4.46 to 5.24 and the reference write into the config of a Chameleon
// model, and keys of other tools that are met beside them.
const std::vector<KnownKey>& model_config_keys();

}  // namespace lumina::checkpoint
