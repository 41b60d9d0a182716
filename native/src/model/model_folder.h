// Writing a model folder that is made of another one.
#pragma once

#include <functional>
#include <string>

namespace lumina::model {

// Writes the folder `to`, which must not exist or be empty: the files of `from` that travel with
// weights, and what `write` puts at the path that it is given. Throws Error(kInvalidArgument,
// kCheckpoint, kIo) and what `write` throws; nothing is left behind then.
void write_model_folder(const std::string& from, const std::string& to,
                        const std::function<void(const std::string& weights)>& write);

}  // namespace lumina::model
