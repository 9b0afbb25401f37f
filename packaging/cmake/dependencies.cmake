# Every library the lab is built from, each with a message that names what is missing. Debian package names in brackets.

function(streamscope_require variable what debianPackage)
  if(NOT ${variable})
    message(FATAL_ERROR "${what} was not found. On Debian: apt-get install ${debianPackage} "
                        "(packaging/setup-debian installs everything).")
  endif()
endfunction()

find_package(PkgConfig)
streamscope_require(PKG_CONFIG_FOUND "pkg-config" "pkg-config")
find_package(Threads REQUIRED)

find_package(tl-expected CONFIG QUIET)
streamscope_require(tl-expected_FOUND "tl::expected" "libexpected-dev")
find_package(nlohmann_json CONFIG QUIET)
streamscope_require(nlohmann_json_FOUND "nlohmann/json" "nlohmann-json3-dev")
find_package(OpenSSL QUIET COMPONENTS Crypto)
streamscope_require(OpenSSL_FOUND "OpenSSL's libcrypto" "libssl-dev")
if(WIN32)
  # The static library does not say what of the system it needs.
  set_property(TARGET OpenSSL::Crypto APPEND PROPERTY INTERFACE_LINK_LIBRARIES ws2_32 crypt32)
endif()

# The codecs of record batches.
find_package(ZLIB QUIET)
streamscope_require(ZLIB_FOUND "zlib" "zlib1g-dev")
pkg_check_modules(LZ4 QUIET IMPORTED_TARGET liblz4)
streamscope_require(LZ4_FOUND "LZ4" "liblz4-dev")
pkg_check_modules(SNAPPY QUIET IMPORTED_TARGET snappy)
streamscope_require(SNAPPY_FOUND "Snappy" "libsnappy-dev")
pkg_check_modules(ZSTD QUIET IMPORTED_TARGET libzstd)
streamscope_require(ZSTD_FOUND "Zstandard" "libzstd-dev")

# ISA-L's CRC32C; optional, the engine has a portable one.
find_path(STREAMSCOPE_ISAL_INCLUDE_DIR isa-l/crc.h)
find_library(STREAMSCOPE_ISAL_LIBRARY isal)

find_path(STREAMSCOPE_ASIO_INCLUDE_DIR asio.hpp)
streamscope_require(STREAMSCOPE_ASIO_INCLUDE_DIR "standalone Asio" "libasio-dev")

find_path(STREAMSCOPE_VALIJSON_INCLUDE_DIR valijson/validator.hpp)
streamscope_require(STREAMSCOPE_VALIJSON_INCLUDE_DIR "valijson" "libvalijson-dev")

if(STREAMSCOPE_ENGINE_ONLY)
  find_package(Qt6 6.4 QUIET COMPONENTS Test)
  streamscope_require(Qt6_FOUND "Qt 6.4 (Test)" "qt6-base-dev")
else()
  find_package(Qt6 6.4 QUIET COMPONENTS Network Widgets PrintSupport Svg Test)
  streamscope_require(Qt6_FOUND "Qt 6.4 (Network, Widgets, PrintSupport, Svg, Test)" "qt6-base-dev qt6-svg-dev")
  # Its configuration needs Qt6::PrintSupport to be found first.
  find_package(QCustomPlotQt6 CONFIG QUIET)
  streamscope_require(QCustomPlotQt6_FOUND "QCustomPlot for Qt 6" "libqcustomplot-dev")
endif()

# A real client for the tests.
if(NOT STREAMSCOPE_ENGINE_ONLY)
  pkg_check_modules(RDKAFKA QUIET IMPORTED_TARGET rdkafka)
  streamscope_require(RDKAFKA_FOUND "librdkafka" "librdkafka-dev")
endif()

if(STREAMSCOPE_BENCHMARKS)
  find_package(benchmark QUIET)
  streamscope_require(benchmark_FOUND "Google Benchmark" "libbenchmark-dev")
endif()
