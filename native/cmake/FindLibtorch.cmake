# Finds the headers and CPU libraries of any libtorch from 2.10 on: an unpacked libtorch, the torch
# folder of a Python installation, or the prefix that ci/setup.sh assembles. Point CMAKE_PREFIX_PATH
# (or LIBTORCH_ROOT) at it. Torch's own TorchConfig.cmake is not used: it insists on the protobuf, MKL
# and CUDA that the library happened to be built with.
find_path(LIBTORCH_INCLUDE_DIR ATen/ATen.h HINTS ${LIBTORCH_ROOT} PATH_SUFFIXES include)
find_library(LIBTORCH_CPU_LIBRARY torch_cpu HINTS ${LIBTORCH_ROOT} PATH_SUFFIXES lib)
find_library(LIBTORCH_C10_LIBRARY c10 HINTS ${LIBTORCH_ROOT} PATH_SUFFIXES lib)

if(LIBTORCH_INCLUDE_DIR AND EXISTS ${LIBTORCH_INCLUDE_DIR}/torch/headeronly/version.h)
  file(STRINGS ${LIBTORCH_INCLUDE_DIR}/torch/headeronly/version.h _version
       REGEX "#define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
  string(REGEX REPLACE ".*MAJOR ([0-9]+).*MINOR ([0-9]+).*PATCH ([0-9]+).*" "\\1.\\2.\\3"
         LIBTORCH_VERSION "${_version}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  Libtorch REQUIRED_VARS LIBTORCH_CPU_LIBRARY LIBTORCH_C10_LIBRARY LIBTORCH_INCLUDE_DIR
  VERSION_VAR LIBTORCH_VERSION)

if(Libtorch_FOUND AND LIBTORCH_VERSION VERSION_LESS 2.10)
  message(FATAL_ERROR "libtorch ${LIBTORCH_VERSION} found, 2.10 or newer is needed")
endif()
if(Libtorch_FOUND AND NOT TARGET Libtorch::torch)
  add_library(Libtorch::c10 UNKNOWN IMPORTED)
  set_target_properties(Libtorch::c10 PROPERTIES IMPORTED_LOCATION ${LIBTORCH_C10_LIBRARY})
  add_library(Libtorch::torch UNKNOWN IMPORTED)
  set_target_properties(
    Libtorch::torch
    PROPERTIES IMPORTED_LOCATION ${LIBTORCH_CPU_LIBRARY}
               INTERFACE_INCLUDE_DIRECTORIES ${LIBTORCH_INCLUDE_DIR}
               INTERFACE_LINK_LIBRARIES Libtorch::c10)
  # libtorch_cpu needs libgomp and openblas from the same folder, which nothing else names.
  get_filename_component(_libtorch_lib ${LIBTORCH_CPU_LIBRARY} DIRECTORY)
  target_link_options(Libtorch::torch INTERFACE -Wl,-rpath-link,${_libtorch_lib})
endif()

# The libraries of a libtorch with CUDA, if it is one. Nothing refers to most of libtorch_cuda by
# name: it registers its operators when it is loaded.
find_library(LIBTORCH_CUDA_LIBRARY torch_cuda HINTS ${LIBTORCH_ROOT} PATH_SUFFIXES lib)
find_library(LIBTORCH_C10_CUDA_LIBRARY c10_cuda HINTS ${LIBTORCH_ROOT} PATH_SUFFIXES lib)
if(Libtorch_FOUND AND LUMINA_CUDA AND NOT TARGET Libtorch::cuda AND LIBTORCH_CUDA_LIBRARY)
  add_library(Libtorch::cuda INTERFACE IMPORTED)
  # What libtorch_cuda needs lies elsewhere in a Python installation; it knows where.
  target_link_options(Libtorch::cuda INTERFACE -Wl,-rpath-link,${_libtorch_lib} -Wl,--allow-shlib-undefined)
  target_link_libraries(Libtorch::cuda INTERFACE -Wl,--no-as-needed ${LIBTORCH_CUDA_LIBRARY} -Wl,--as-needed
                                                 ${LIBTORCH_C10_CUDA_LIBRARY})
endif()
