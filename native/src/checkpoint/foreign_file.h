// What a file is that is not the one it should be: what hubs, proxies and half-finished downloads
// leave in the place of weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace lumina::checkpoint {

// Such as "is a Git LFS pointer, not the file itself; fetch it with ..", from how the bytes begin;
// empty for nothing that is known. `path` tells the model's name where it lies in a hub's cache.
// JSON is foreign unless `json` is what should be here.
std::string foreign_file(const std::uint8_t* data, std::size_t size, const std::string& path,
                         bool json = false);

// "lumina pull ORG/NAME", with the names if `path` lies in a hub's cache.
std::string pull_command(const std::string& path);

}  // namespace lumina::checkpoint
