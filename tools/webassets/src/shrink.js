// Photographs are made smaller before they are kept: the phone holds more of them, and sending takes less. The server draws them anew anyway.
const LONGEST = 1600;

export async function shrink(file) {
  const picture = await decode(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  return small && small.size < file.size ? { name: file.name.replace(/\.\w+$/, "") + ".jpg", blob: small } : { name: file.name, blob: file };
}

function decode(file) {
  if (window.createImageBitmap) return createImageBitmap(file);
  return new Promise((done, fail) => {
    const img = new Image();
    img.onload = () => done(img);
    img.onerror = () => fail(new Error("no picture"));
    img.src = URL.createObjectURL(file);
  });
}
