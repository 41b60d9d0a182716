#include "model/model_folder.h"

#include <filesystem>

#include "checkpoint/atomic_file.h"
#include "checkpoint/companions.h"
#include "lumina/status.h"

namespace lumina::model {

namespace fs = std::filesystem;

void write_model_folder(const std::string& from, const std::string& to,
                        const std::function<void(const std::string& weights)>& write) {
  std::error_code error;
  if (fs::exists(to, error) && (!fs::is_directory(to, error) || !fs::is_empty(to, error))) {
    throw Error(ErrorCode::kInvalidArgument, to + ": exists and is no empty folder");
  }
  const fs::path temporary = checkpoint::temporary_name(to);
  try {
    fs::create_directory(temporary);
    for (const std::string& file : checkpoint::companion_files(from)) {
      checkpoint::copy_file(file, (temporary / fs::path(file).filename()).string());
    }
    write((temporary / "model.safetensors").string());
    fs::remove(to, error);  // the empty folder
    fs::rename(temporary, to);
  } catch (const fs::filesystem_error& failure) {
    fs::remove_all(temporary, error);
    throw Error(ErrorCode::kIo, to + ": cannot be written: " + failure.code().message());
  } catch (const Error& failure) {
    fs::remove_all(temporary, error);
    // The user knows the folder by its own name.
    std::string message = failure.what();
    const std::size_t at = message.find(temporary.string());
    if (at == std::string::npos) throw;
    throw Error(failure.code(), message.replace(at, temporary.string().size(), to));
  } catch (...) {
    fs::remove_all(temporary, error);
    throw;
  }
}

}  // namespace lumina::model
