/** Up to so many people or devices are asked for one by one, side by side; for more, everything is read page by page. */
export const FEW = 10;
