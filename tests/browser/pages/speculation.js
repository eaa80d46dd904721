setTimeout(() => { location.href = '/prerendered'; }, 1200);
