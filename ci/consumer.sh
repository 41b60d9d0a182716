#!/usr/bin/env bash
# A user's view of the installed artifacts: a separate Maven project with three dependencies, the Java
# jar, the jar of this platform and the demo model, that makes pictures. Needs what `mvn install` put
# in place.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/ci/consumer/." "$work"
version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$root/pom.xml" | head -n 1)
cd "$work"
maven -Dlumina4j.version="$version" compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile=classpath
models=("$work/model" demo)
for model in "${models[@]}"; do
  LUMINA_CACHE=$work/cache java -cp "target/classes:$(cat classpath)" example.MakePicture \
    "$model" "$work/picture.png"
  [ "$(head -c 8 picture.png | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ] ||
    die "the consumer project made no PNG"
  rm picture.png
done
for jar in $(tr ':' '\n' <classpath | grep '/lumina4j-'); do
  unzip -l "$jar" META-INF/LICENSE META-INF/THIRD-PARTY-NOTICES.md >/dev/null ||
    die "$jar: licence or third-party notices are missing"
done
say "the packaged jars work from a separate project"
