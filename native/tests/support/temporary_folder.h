// A folder for one test, removed with everything in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lumina::testing {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_.string(); }
  std::string path(const std::string& name) const { return (path_ / name).string(); }
  // Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& bytes) const;
  // Names of all entries, sorted.
  std::vector<std::string> entries() const;

 private:
  std::filesystem::path path_;
};

// The bytes of a file; fails the test if it cannot be read.
std::string read_bytes(const std::string& path);

}  // namespace lumina::testing
